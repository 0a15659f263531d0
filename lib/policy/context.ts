import type { CedarEntity } from './cedar'
import type { PolicyOperation, PolicySession } from './request'
import { sqlContext } from './sql-context'
import { anyUsed, type ContextUses } from './uses'

const TYPES = { person: 'Person', agent: 'Agent', service: 'Service' } as const

export interface SessionEntities {
  readonly principal: CedarEntity['uid']
  readonly resource: CedarEntity['uid']
  /** The principal and the connection. */
  readonly entities: readonly [CedarEntity, CedarEntity]
}

/** Principal (in its groups) and connection (with its tags) as Cedar entities. Connections go by their names. */
export function entitiesOf({ principal, onBehalfOf, connection, database }: PolicySession): SessionEntities {
  const uid = { type: TYPES[principal.kind], id: principal.id }
  const resource = { type: 'Connection', id: connection.name }
  const attrs: Record<string, string> =
    principal.kind === 'person'
      ? { name: principal.name, email: principal.email ?? '' }
      : // Never the name: anybody may be called like somebody's address.
        { name: principal.name, owner: onBehalfOf.email ?? '' }
  const parents = principal.groups.map((group) => ({ type: 'Group', id: group }))
  const { name, protocol, tags } = connection
  return {
    principal: uid,
    resource,
    entities: [
      { uid, attrs, parents },
      { uid: resource, attrs: { name, protocol, database }, parents: [], tags },
    ],
  }
}

const extension = (fn: 'ip' | 'datetime', arg: string) => ({ __extn: { fn, arg } })

/** The context of one operation, as `schema.ts` says; without what is not looked at. null: there is more in it than can be judged. */
export function contextOf(
  session: PolicySession,
  operation: PolicyOperation,
  uses: ContextUses,
): Record<string, unknown> | null {
  const all: Record<string, unknown> = {
    type: operation.type,
    approvedBy: [...operation.approvedBy],
    database: session.database,
    targetUser: session.targetUser,
  }
  if (operation.facts !== null) {
    const sql = sqlContext(operation.facts.facts, operation.names, uses)
    if (sql === null) return null
    all.sql = sql
  }
  if (session.run !== null) all.run = { id: session.run.id, label: session.run.label }
  if (anyUsed(uses, 'client')) all.client = clientOf(session)
  if (anyUsed(uses, 'time')) all.time = extension('datetime', new Date(operation.now).toISOString())
  if (anyUsed(uses, 'hour')) all.hour = new Date(operation.now).getUTCHours()
  if (anyUsed(uses, 'weekday')) all.weekday = new Date(operation.now).getUTCDay()
  return all
}

function clientOf({ client }: PolicySession): Record<string, unknown> {
  // Cedar knows neither zones nor IPv4 addresses written as IPv6.
  const address = client.address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  return { address: extension('ip', address), application: client.application }
}
