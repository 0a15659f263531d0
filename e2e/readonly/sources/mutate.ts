import { scanSync } from 'libpg-query'
import type { Random } from '../random'
import { EXPRESSIONS, PLACES, WRAPPINGS } from './cases'

/** What stands for names in mutated statements: all that a database has. */
export interface Pools {
  readonly functions: readonly string[]
  readonly relations: readonly string[]
  readonly operators: readonly string[]
  readonly types: readonly string[]
}

const BARE = /^(select|with|values|table)\b/i

/** A statement that differs from another in a few places: a name, an operator, a constant, a cast, or what stands around it. */
function mutate(statement: string, pools: Pools, random: Random): string {
  let mutated = statement
  for (let times = 1 + random.below(3); times > 0; times--) mutated = changed(mutated, pools, random)
  if (BARE.test(mutated) && random.chance(40)) mutated = random.pick(WRAPPINGS).replaceAll('?', () => mutated)
  return mutated
}

function changed(statement: string, pools: Pools, random: Random): string {
  const tokens = tokensOf(statement)
  if (tokens.length === 0) return statement
  const at = random.below(tokens.length)
  const token = tokens[at]
  if (!token) return statement
  const put = (text: string) => statement.slice(0, token.start) + text + statement.slice(token.end)
  const next = tokens[at + 1]?.text
  const before = tokens[at - 1]?.text.toLowerCase()
  if (token.name === 'IDENT' || /^[a-z_]\w*$/i.test(token.text)) {
    if (next === '(') return put(random.pick(pools.functions))
    if (before === 'from' || before === 'join') return put(random.pick(pools.relations))
    if (before === '::' || before === 'as') return put(random.pick(pools.types))
    if (before === ',' || before === 'select') return put(random.pick(EXPRESSIONS))
    return statement
  }
  if (token.name === 'SCONST' || token.name === 'ICONST') {
    return put(random.chance(50) ? `${token.text}::${random.pick(pools.types)}` : random.pick(EXPRESSIONS))
  }
  const isOperator = /^[-+*/<>=~!@#%^&|?]+$/.test(token.text) && token.text !== '*'
  return isOperator ? put(` ${random.pick(pools.operators)} `) : statement
}

interface Token {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly name: string
}

function tokensOf(statement: string): Token[] {
  try {
    return scanSync(statement).tokens.map(({ start, end, tokenName }) => ({
      ...{ start, end, name: tokenName },
      text: statement.slice(start, end),
    }))
  } catch {
    return []
  }
}

/** Every expression in every place, and every wrapping of that. */
export function* combinations(): Generator<string> {
  for (const place of PLACES) {
    for (const expression of EXPRESSIONS) {
      const statement = place.replaceAll('?', () => expression)
      yield statement
      for (const wrapping of WRAPPINGS) yield wrapping.replaceAll('?', () => statement)
    }
  }
}

/** So many mutations of statements, the same for the same seed. */
export function* mutations(
  statements: readonly string[],
  pools: Pools,
  random: Random,
  count: number,
): Generator<string> {
  for (let made = 0; made < count; made++) yield mutate(random.pick(statements), pools, random)
}
