/** One statement of a document and where in it its text starts. */
export interface StatementText {
  readonly text: string
  readonly at: number
}

/** Where the token that starts at `at` ends: a comment, a string, or one character. */
function tokenEnd(text: string, at: number): number {
  if (text.startsWith('//', at)) {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end
  }
  if (text[at] !== '"') return at + 1
  let end = at + 1
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  return Math.min(end + 1, text.length)
}

const isBlank = (text: string) => text.replace(/\/\/[^\n]*/g, '').trim() === ''

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
