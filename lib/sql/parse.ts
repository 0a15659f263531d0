import { parseSync } from 'libpg-query'

/** Parse trees by PostgreSQL's own grammar; null when it does not understand the text. Its module must have been loaded. */
export function parse(text: string): readonly { stmt?: unknown }[] | null {
  // The parser stops at a NUL; the server does not see one.
  if (text.includes('\0')) return null
  // It refuses an empty text, which is a legal command that does nothing.
  if (text.length === 0) return []
  try {
    return parseSync(text).stmts ?? []
  } catch {
    return null
  }
}
