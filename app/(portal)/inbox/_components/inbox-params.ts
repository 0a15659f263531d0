import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'

const TABS = ['open', 'mine', 'decided'] as const
export type Tab = (typeof TABS)[number]
const OUTCOMES = ['approved', 'rejected', 'expired', 'cancelled'] as const

/** What the address of the inbox can say. */
export const inboxParams = {
  tab: parseAsStringLiteral(TABS).withDefault('open'),
  open: parseAsString,
  /** Of the decided ones. */
  outcome: parseAsStringLiteral(OUTCOMES),
  connection: parseAsString,
  q: parseAsString.withDefault(''),
}

export const loadInboxParams = createLoader(inboxParams)

export type InboxParams = Awaited<ReturnType<typeof loadInboxParams>>

/** How many filters are set. The tab and the open review are none. */
export function countFilters({ outcome, connection, q }: InboxParams): number {
  return [outcome, connection, q.trim() || null].filter((value) => value !== null).length
}
