'use server'
import { requireContext } from '#lib/auth/context'
import { type Outcome, outcome } from '../../_components/outcome'
import { loadSessionParams } from './_components/session-filter'
import type { SessionsPage } from './_components/session-row'
import { endOne, sessionsPage } from './load'

/** The next page of the list, or its first one again (`cursor` null). `query` is what the page was rendered with. */
export async function loadSessions(query: string, cursor: string | null): Promise<SessionsPage> {
  const ctx = await requireContext()
  const given = JSON.parse(query) as Record<string, string | null>
  const entries = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return sessionsPage(ctx, await loadSessionParams(Promise.resolve(Object.fromEntries(entries))), cursor)
}

/** Asks the gateway to end a live session. */
export async function endSessionHere(id: string): Promise<Outcome<null>> {
  const ctx = await requireContext()
  return outcome(async () => {
    await endOne(ctx, id)
    return null
  })
}
