import { eq, inArray } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Database } from '../../../db/client'
import { connections } from '../../../db/schema/connections'
import { principals, runs } from '../../../db/schema/principals'
import { sessions } from '../../../db/schema/sessions'
import type { SessionId } from '../../../domain/ids'
import type { PolicySession } from '../../../policy/request'
import { toPrincipal } from '../../principals/to-principal'
import type { DatabaseOf } from '../kept-names'

const humans = alias(principals, 'humans')

export interface RecordedSession {
  readonly session: PolicySession
  /** null: its connection is gone. */
  readonly place: DatabaseOf | null
}

/** Recorded sessions as policies see them now: groups and tags are those of today, for that is what the next statement would meet. */
export async function recordedSessions(
  db: Database,
  ids: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, RecordedSession>> {
  const rows = await db
    .select({ session: sessions, principal: principals, human: humans, connection: connections, run: runs })
    .from(sessions)
    .innerJoin(principals, eq(principals.id, sessions.principalId))
    .innerJoin(humans, eq(humans.id, sessions.ownerId))
    .leftJoin(connections, eq(connections.id, sessions.connectionId))
    .leftJoin(runs, eq(runs.id, sessions.runId))
    .where(inArray(sessions.id, [...ids]))
  return new Map(
    rows.map(({ session, principal, human, connection, run }) => {
      const judged: PolicySession = {
        principal: toPrincipal(principal),
        onBehalfOf: toPrincipal(human),
        connection: {
          name: connection?.name ?? session.connectionName,
          protocol: session.protocol,
          tags: connection?.tags ?? session.tags,
        },
        database: session.targetDatabase,
        targetUser: session.targetUser,
        client: { address: session.clientAddress, application: session.application },
        run: run && { id: run.id, label: run.label },
      }
      const { database, targetUser } = judged
      const { id: connectionId, version: connectionVersion } = connection ?? {}
      const known = connectionId !== undefined && connectionVersion !== undefined
      return [
        session.id,
        { session: judged, place: known ? { connectionId, connectionVersion, database, targetUser } : null },
      ]
    }),
  )
}
