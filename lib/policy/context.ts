import type { SqlFacts } from '../domain/sql-facts'
import type { CedarEntity } from './cedar'
import type { NameSpace, PolicyOperation, PolicySession } from './request'

const TYPES = { person: 'Person', agent: 'Agent', service: 'Service' } as const

export interface SessionEntities {
  readonly principal: CedarEntity['uid']
  readonly resource: CedarEntity['uid']
  readonly entities: readonly CedarEntity[]
}

/** Principal (in its groups) and connection (with its tags) as Cedar entities. Connections go by their names. */
export function entitiesOf({ principal, onBehalfOf, connection, database }: PolicySession): SessionEntities {
  const uid = { type: TYPES[principal.kind], id: principal.id }
  const resource = { type: 'Connection', id: connection.name }
  const attrs: Record<string, string> =
    principal.kind === 'person'
      ? { name: principal.name, email: principal.email ?? '' }
      : { name: principal.name, owner: onBehalfOf.email ?? onBehalfOf.name }
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

/** The context of one operation, as `schema.ts` says. */
export function contextOf(session: PolicySession, operation: PolicyOperation): Record<string, unknown> {
  const at = new Date(operation.now)
  const { run } = session
  return {
    ...(operation.facts !== null && { sql: sqlOf(operation.facts.facts, operation.names) }),
    type: operation.type,
    approvedBy: [...operation.approvedBy],
    database: session.database,
    targetUser: session.targetUser,
    client: {
      address: extension('ip', session.client.address.replace(/%.*$/, '')),
      application: session.client.application,
    },
    ...(run !== null && { run: { id: run.id, label: run.label } }),
    time: extension('datetime', at.toISOString()),
    hour: at.getUTCHours(),
    weekday: at.getUTCDay(),
  }
}

function sqlOf(facts: SqlFacts, names: NameSpace): Record<string, unknown> {
  const { reads, writes, ...rest } = facts
  return { ...rest, reads: namesOf(reads, names), writes: namesOf(writes, names) }
}

/** Every name without its schema and with each schema that it may have. */
function namesOf(relations: readonly string[], names: NameSpace): string[] {
  const all = new Set<string>()
  for (const relation of relations) {
    const dot = schemaEnd(relation)
    if (dot < 0) for (const schema of names.schemasOf(relation)) all.add(`${schema}.${relation}`)
    else all.add(relation)
    all.add(relation.slice(dot + 1))
  }
  return [...all]
}

/** Where the dot behind the schema stands: the last one outside of quotes; -1 without one. */
function schemaEnd(name: string): number {
  if (!name.includes('"')) return name.lastIndexOf('.')
  let quoted = false
  let found = -1
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '"') quoted = !quoted
    else if (name[at] === '.' && !quoted) found = at
  }
  return found
}
