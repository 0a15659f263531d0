'use server'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listConnections } from '#lib/services/connections/list'
import { listPrincipals } from '#lib/services/principals/list'
import { listSessions } from '#lib/services/sessions/list'
import { principalIcon } from '../ui/face'
import type { Finding } from './finding'

const EACH = 4

/** Connections, sessions and principals under these words, as far as the reader may see them. */
export async function find(words: string): Promise<readonly Finding[]> {
  const ctx = await requireContext()
  const input = { query: words.slice(0, 200), limit: EACH }
  const [connections, sessions, principals] = await Promise.all([
    listConnections({ ctx, input }),
    listSessions({ ctx, input }),
    may(ctx.actor, 'principals:read') ? listPrincipals({ ctx, input }) : null,
  ])
  return [
    ...connections.items.map(
      ({ name }): Finding => ({
        href: `/connections?open=${encodeURIComponent(name)}`,
        icon: 'db',
        label: name,
        note: 'connection',
      }),
    ),
    ...(principals?.items ?? []).map(
      ({ id, name, kind }): Finding => ({
        href: `/people?open=${encodeURIComponent(id)}`,
        icon: principalIcon(kind),
        label: name,
        note: kind,
      }),
    ),
    ...sessions.items.map(
      ({ id, principal, connection, state }): Finding => ({
        href: `/sessions/${id}`,
        icon: 'sessions',
        label: `${principal.name} on ${connection.name}`,
        note: state === 'live' ? 'live session' : `session ${id.slice(-6)}`,
      }),
    ),
  ]
}
