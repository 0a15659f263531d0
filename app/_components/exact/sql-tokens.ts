/** What a stretch of SQL is, for the eye only: nothing is decided by it. */
export type TokenKind = 'keyword' | 'name' | 'string' | 'param' | 'comment' | 'plain'

export interface Token {
  readonly kind: TokenKind
  /** Indices into the text: [from, to). */
  readonly from: number
  readonly to: number
}

const KEYWORDS = new Set(
  `all alter analyze and any array as asc begin between both by call cascade case cast check checkpoint cluster collate
  comment commit conflict constraint copy create cross current cursor database deallocate declare default deferrable
  delete desc discard distinct do drop each else end except exclude execute exists explain filter for force foreign from
  full function grant group having if ilike in index inner insert intersect into is isolation join lateral leading left
  like limit listen load lock materialized merge natural not notify nothing null nulls of offset on only or order outer
  over partition policy prepare primary procedure recursive refresh reindex release rename reset restart restrict
  returning revoke right rollback rule savepoint security select set show similar system table tablespace temp temporary
  then to transaction trigger true truncate union unique unlogged unlisten update using vacuum values view when where
  window with work write false`.split(/\s+/),
)

/** One rule a kind of token, in the order in which PostgreSQL's scanner tries them. All are sticky. */
const RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ['plain', /[ \t\n\r\f\v]+/y],
  ['comment', /--[^\n\r]*/y],
  ['string', /[eE]'(?:[^'\\]|\\.|'')*(?:'|$)/sy],
  ['string', /(?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|$)/y],
  ['name', /(?:[uU]&)?"(?:[^"]|"")*(?:"|$)/y],
  ['param', /\$\d+/y],
  ['plain', /\d[\w.]*/y],
  ['name', /[a-zA-Z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/uy],
  ['plain', /./suy],
]
const DOLLAR = /\$(?:[a-zA-Z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*)?\$/uy

/** Splits a text the way PostgreSQL's scanner does (standard_conforming_strings on). The tokens are the whole text, in order. */
export function sqlTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const token = tokenAt(text, at)
    tokens.push(token)
    at = token.to
  }
  return tokens
}

function tokenAt(text: string, from: number): Token {
  if (text.startsWith('/*', from)) return { kind: 'comment', from, to: commentEnd(text, from) }
  const quoted = dollarQuoteEnd(text, from)
  if (quoted !== null) return { kind: 'string', from, to: quoted }
  for (const [kind, rule] of RULES) {
    rule.lastIndex = from
    const found = rule.exec(text)?.[0]
    if (found) return { kind: wordKind(kind, found), from, to: from + found.length }
  }
  return { kind: 'plain', from, to: text.length }
}

function wordKind(kind: TokenKind, word: string): TokenKind {
  return kind === 'name' && KEYWORDS.has(word.toLowerCase()) ? 'keyword' : kind
}

/** Block comments nest. One that is never closed reaches to the end. */
function commentEnd(text: string, from: number): number {
  const edge = /\/\*|\*\//g
  edge.lastIndex = from
  let depth = 0
  for (let found = edge.exec(text); found; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return edge.lastIndex
  }
  return text.length
}

function dollarQuoteEnd(text: string, from: number): number | null {
  DOLLAR.lastIndex = from
  const tag = DOLLAR.exec(text)?.[0]
  if (tag === undefined) return null
  const end = text.indexOf(tag, from + tag.length)
  return end === -1 ? text.length : end + tag.length
}
