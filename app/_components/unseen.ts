import { type Danger, findDangerous } from '#lib/domain/dangerous-text'

/** A stretch of text; or one character that cannot be seen, spelled out. `at` is its index in the text. */
export type Piece =
  | { readonly at: number; readonly code: null; readonly text: string }
  | { readonly at: number; readonly code: string; readonly name: string }

const NAMES: Readonly<Record<string, string>> = {
  '00A0': 'no-break space',
  '00AD': 'soft hyphen',
  '061C': 'Arabic letter mark',
  '200B': 'zero width space',
  '200C': 'zero width non-joiner',
  '200D': 'zero width joiner',
  '200E': 'left-to-right mark',
  '200F': 'right-to-left mark',
  '202A': 'left-to-right embedding',
  '202B': 'right-to-left embedding',
  '202C': 'pop directional formatting',
  '202D': 'left-to-right override',
  '202E': 'right-to-left override',
  '2028': 'line separator',
  '2029': 'paragraph separator',
  '2060': 'word joiner',
  '2066': 'left-to-right isolate',
  '2067': 'right-to-left isolate',
  '2068': 'first strong isolate',
  '2069': 'pop directional isolate',
  '3164': 'Hangul filler',
  FEFF: 'byte order mark',
  '000D': 'carriage return',
  '001B': 'escape',
  '0000': 'NUL',
}

const BY_DANGER: Readonly<Record<Danger, string>> = {
  control: 'a control character',
  bidi: 'turns the reading direction',
  invisible: 'a character that does not show',
  'mixed-script': 'a letter that looks like another',
  'look-alike': 'looks like another sign',
}

/** What a dangerous character is, in words. */
export function dangerName(code: string, danger: Danger): string {
  return NAMES[code.slice(2)] ?? BY_DANGER[danger]
}

/** Splits `text` into stretches that show as they are and characters that do not show, which must be spelled out (`U+200B`). */
export function splitUnseen(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const { at, code, danger } of findDangerous(text)) {
    if (danger === 'mixed-script' || danger === 'look-alike') continue
    if (at > from) pieces.push({ at: from, code: null, text: text.slice(from, at) })
    pieces.push({ at, code, name: dangerName(code, danger) })
    from = at + (code.length > 6 ? 2 : 1)
  }
  if (from < text.length) pieces.push({ at: from, code: null, text: text.slice(from) })
  return pieces
}

/** How many characters of `text` cannot be seen. */
export function countUnseen(text: string): number {
  return splitUnseen(text).reduce((sum, piece) => sum + (piece.code === null ? 0 : 1), 0)
}
