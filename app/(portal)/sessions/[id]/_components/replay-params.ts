import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'

const TABS = ['result', 'exact', 'record'] as const

/** What the address of a session says: the selected statement and its tab (a deep link), and the table's filter. */
export const replayParams = {
  op: parseAsInteger,
  tab: parseAsStringLiteral(TABS).withDefault('result'),
  q: parseAsString.withDefault(''),
  verdict: parseAsStringLiteral(['held', 'refused', 'failed'] as const),
}

export const loadReplayParams = createLoader(replayParams)
