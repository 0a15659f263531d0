import { type DangerousCharacter, findDangerous } from '#lib/domain/dangerous-text'
import { dangerName } from '../unseen'
import { sqlTokens, type TokenKind } from './sql-tokens'

/** A stretch of a line; one with a code is a character that is spelled out instead of shown. */
export type ExactPiece =
  | { readonly at: number; readonly kind: TokenKind; readonly text: string }
  | { readonly at: number; readonly kind: 'flag'; readonly code: string; readonly name: string }

/** As much of a line as is sure to fit on a screen: what is counted as seen or not. */
export interface ExactUnit {
  /** Position among all units of the text. */
  readonly index: number
  readonly pieces: readonly ExactPiece[]
}

export interface ExactLine {
  readonly number: number
  readonly flagged: boolean
  readonly units: readonly ExactUnit[]
}

/** A character that somebody has to look at before they decide. */
interface Flag extends DangerousCharacter {
  readonly name: string
}

export interface ExactText {
  readonly lines: readonly ExactLine[]
  readonly units: number
  readonly flags: readonly Flag[]
  readonly bytes: number
}

/** Characters a unit has at most. On the narrowest phone that is a handful of rows. */
const UNIT = 120
const ENCODER = new TextEncoder()

/** A text made ready to be read in full: numbered lines of coloured pieces, with every dangerous character spelled out. */
export function exactText(text: string): ExactText {
  const marks = findDangerous(text)
  const pieces = piecesOf(text, marks)
  const lines: ExactLine[] = []
  let units = 0
  let from = 0
  let next = 0
  for (;;) {
    const end = text.indexOf('\n', from)
    const to = end === -1 ? text.length : end
    const own: ExactPiece[] = []
    for (let piece = pieces[next]; piece !== undefined && piece.at < to; piece = pieces[next]) {
      own.push(piece)
      next += 1
    }
    const made = unitsOf(own, units)
    units += made.length
    lines.push({ number: lines.length + 1, flagged: own.some(({ kind }) => kind === 'flag'), units: made })
    if (end === -1) break
    from = end + 1
  }
  return {
    lines,
    units,
    flags: marks.map((mark) => ({ ...mark, name: dangerName(mark.code, mark.danger) })),
    bytes: ENCODER.encode(text).length,
  }
}

/** Tokens cut at marks, at line ends and at the length of a unit. Line ends themselves are left out. */
function piecesOf(text: string, marks: readonly DangerousCharacter[]): readonly ExactPiece[] {
  const pieces: ExactPiece[] = []
  let next = 0
  for (const { kind, from, to } of sqlTokens(text)) {
    let at = from
    while (at < to) {
      const mark = marks[next]
      if (mark?.at === at) {
        pieces.push({ at, kind: 'flag', code: mark.code, name: dangerName(mark.code, mark.danger) })
        at += mark.code.length > 6 ? 2 : 1
        next += 1
        continue
      }
      const end = Math.min(to, mark?.at ?? to)
      pieces.push(...plainPieces(text, kind, at, end))
      at = end
    }
  }
  return pieces
}

function plainPieces(text: string, kind: TokenKind, from: number, to: number): ExactPiece[] {
  const pieces: ExactPiece[] = []
  let at = from
  for (const line of text.slice(from, to).split('\n')) {
    let start = 0
    while (start < line.length) {
      const part = cut(line, start)
      pieces.push({ at: at + start, kind, text: part })
      start += part.length
    }
    at += line.length + 1
  }
  return pieces
}

/** At most a unit, and never half of a character. */
function cut(line: string, start: number): string {
  const part = line.slice(start, start + UNIT)
  return start + UNIT < line.length && /[\ud800-\udbff]$/.test(part) ? part.slice(0, -1) : part
}

function unitsOf(pieces: readonly ExactPiece[], first: number): readonly ExactUnit[] {
  const units: ExactUnit[] = []
  let own: ExactPiece[] = []
  let length = 0
  for (const piece of pieces) {
    const size = piece.kind === 'flag' ? piece.code.length : piece.text.length
    if (length + size > UNIT && own.length > 0) {
      units.push({ index: first + units.length, pieces: own })
      own = []
      length = 0
    }
    own.push(piece)
    length += size
  }
  units.push({ index: first + units.length, pieces: own })
  return units
}
