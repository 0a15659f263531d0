/**
 * Splits a psql script into the statements it sends: at semicolons outside of strings, comments and parentheses, without psql's own
 * commands and without the data of a COPY. Statements with psql variables are left out.
 */
export function splitScript(script: string): string[] {
  const found: string[] = []
  const token =
    /'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|[;()]|\n\\[^\n]*/g
  let from = 0
  let depth = 0
  let begins = 0
  for (const match of `\n${script}`.matchAll(token)) {
    const [text] = match
    const at = match.index - 1
    if (text === '(') depth++
    else if (text === ')') depth = Math.max(0, depth - 1)
    else if (text.startsWith('\n\\')) {
      // What stands before a command of psql on its own line was sent by it, or is thrown away with it.
      from = at + text.length
      depth = 0
    } else if (text === ';' && depth === 0) {
      const statement = script.slice(from, at).trim()
      begins = /\bbegin\s+atomic\b/i.test(statement) && !/\bend\s*$/i.test(statement) ? 1 : 0
      if (begins > 0) continue
      from = at + 1
      if (statement && !/:['"]?[a-z_]\w*/i.test(statement.replaceAll(/::\s*\w+/g, '').replaceAll(/'[^']*'/g, ''))) {
        found.push(statement)
      }
      if (/^copy\b[\s\S]*\bstdin\b/i.test(statement)) {
        const end = script.indexOf('\n\\.', from)
        if (end >= 0) from = end + 3
      }
    }
  }
  return found
}
