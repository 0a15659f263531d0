import type { SqlFacts } from '../domain/sql-facts'
import type { CedarEntity } from './cedar'
import type { NameSpace, PolicyOperation, PolicySession } from './request'
import { anyUsed, type ContextUses, isUsed } from './uses'

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

/** The context of one operation, as `schema.ts` says; without what is not looked at. */
export function contextOf(
  session: PolicySession,
  operation: PolicyOperation,
  uses: ContextUses,
): Record<string, unknown> {
  const all: Record<string, unknown> = {
    type: operation.type,
    approvedBy: [...operation.approvedBy],
    database: session.database,
    targetUser: session.targetUser,
  }
  if (operation.facts !== null) all.sql = sqlOf(operation.facts.facts, operation.names, uses)
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

/** Facts are lists, some of them long: those that no policy looks at are not handed over. */
function sqlOf(facts: SqlFacts, names: NameSpace, uses: ContextUses): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [fact, value] of Object.entries(facts)) if (isUsed(uses, `sql.${fact}`)) kept[fact] = value
  if ('reads' in kept) kept.reads = namesOf(facts.reads, names)
  if ('writes' in kept) kept.writes = namesOf(facts.writes, names)
  return kept
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
