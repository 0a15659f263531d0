/** What a stretch of Cedar is, for the eye only. */
type CedarKind = 'comment' | 'string' | 'annotation' | 'effect' | 'keyword' | 'type' | 'word' | 'number' | 'plain'

export interface CedarToken {
  readonly kind: CedarKind
  /** Indices into the line: [from, to). */
  readonly from: number
  readonly to: number
}

/** In this order. All are sticky; a token of Cedar never goes over a line end. */
const RULES: readonly (readonly [CedarKind, RegExp])[] = [
  ['plain', /\s+/y],
  ['comment', /\/\/.*/y],
  ['string', /"(?:[^"\\]|\\.)*"?/y],
  ['annotation', /@\w+/y],
  ['type', /[A-Za-z_]\w*(?=\s*::)/y],
  ['effect', /(?:permit|forbid)\b/y],
  ['keyword', /(?:when|unless|if|then|else|in|has|like|is|true|false|principal|action|resource|context)\b/y],
  ['word', /[A-Za-z_]\w*/y],
  ['number', /\d+/y],
  ['plain', /./sy],
]

/** The token of `line` that starts at `from`. */
export function cedarTokenAt(line: string, from: number): CedarToken {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = from
    const found = rule.exec(line)?.[0]
    if (found) return { kind, from, to: from + found.length }
  }
  return { kind: 'plain', from, to: line.length }
}

/** All tokens of one line, in order; together they are the line. */
export function cedarTokens(line: string): readonly CedarToken[] {
  const tokens: CedarToken[] = []
  let at = 0
  while (at < line.length) {
    const token = cedarTokenAt(line, at)
    tokens.push(token)
    at = token.to
  }
  return tokens
}
