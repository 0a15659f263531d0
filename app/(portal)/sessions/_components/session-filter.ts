import { createLoader, parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from 'nuqs/server'

const STATES = ['live', 'ended'] as const
const VERDICTS = ['held', 'refused', 'failed'] as const
/** How far back, in hours. */
const SPANS = ['1', '24', '168', '720'] as const

/** What the address of the sessions list can say. Everything it lacks means "any". */
export const sessionParams = {
  q: parseAsString.withDefault(''),
  state: parseAsStringLiteral(STATES),
  verdict: parseAsStringLiteral(VERDICTS),
  principal: parseAsString,
  connection: parseAsString,
  span: parseAsStringLiteral(SPANS),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
}

export const loadSessionParams = createLoader(sessionParams)

export type SessionFilter = Awaited<ReturnType<typeof loadSessionParams>>

/** How many filters are set. */
export function countFilters(filter: SessionFilter): number {
  const { q, ...rest } = filter
  return (q.trim() === '' ? 0 : 1) + Object.values(rest).filter((value) => value !== null).length
}
