/** One statement of a document and where in it its text starts. */
export interface StatementText {
  readonly text: string
  readonly at: number
}

/** As Cedar has it: a comment also ends at a lone carriage return. */
const LINE_END = /[\r\n]/g
const LEADING = /^(?:\s|\/\/[^\r\n]*)*/

/** Offset of the first character that is neither blank nor part of a comment. */
export function firstWord(text: string): number {
  return LEADING.exec(text)?.[0].length ?? 0
}

/** Line of offset `at` in `text`, from 1. */
export function lineAt(text: string, at: number): number {
  return placeAt(text, at).line
}

/** Line and column of offset `at` in `text`, from 1. */
export function placeAt(text: string, at: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, at).split(/\r\n|\r|\n/)
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

/** Where the token that starts at `at` ends: a comment, a string, or one character. */
function tokenEnd(text: string, at: number): number {
  if (text.startsWith('//', at)) {
    LINE_END.lastIndex = at
    return LINE_END.exec(text)?.index ?? text.length
  }
  if (text[at] !== '"') return at + 1
  let end = at + 1
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  return Math.min(end + 1, text.length)
}

const isBlank = (text: string) => firstWord(text) === text.length

/** Cuts a document at the semicolons that end its statements; what is behind the last one is a statement too unless it is blank. */
export function splitStatements(text: string): readonly StatementText[] {
  const found: StatementText[] = []
  let start = 0
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at)
    if (text[at] === ';') {
      found.push({ text: text.slice(start, end), at: start })
      start = end
    }
    at = end
  }
  const rest = text.slice(start)
  return isBlank(rest) ? found : [...found, { text: rest, at: start }]
}

/** Cedar recurses over a policy, and one that exhausts its stack spoils it for the whole process: it must never see such a text. */
const DEEPEST = 16
const MOST_LINKS = 200
const LINK = /[.[&|+\-*!<>=]|(if\b)/y
/** What an `if` counts for: its parts stand in each other without brackets. */
const IF_LINKS = 6

/** Why a statement is not given to Cedar; null when it may be. */
export function tooComplex(text: string): string | null {
  let depth = 0
  let links = 0
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at)
    LINK.lastIndex = at
    const link = end === at + 1 ? LINK.exec(text) : null
    if (link !== null) links += link[1] === undefined ? 1 : IF_LINKS
    if ('([{'.includes(text[at] ?? '')) depth++
    if (')]}'.includes(text[at] ?? '')) depth--
    if (depth > DEEPEST) return `brackets may stand in each other ${DEEPEST} deep at most`
    at = end
  }
  return links > MOST_LINKS ? 'there are too many operators in this one policy: make several of it' : null
}
