import { and, eq, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import { connections } from '../../db/schema/connections'
import { principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import { may } from '../../domain/permissions'
import { Policies } from '../../policy/policies'
import type { PolicySession } from '../../policy/request'
import { visibleConnections } from '../connections/list'
import { notFound } from '../connections/read'
import { type Call, type Context, limitsOf } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { owners } from '../principals/principal-item'
import { toPrincipal } from '../principals/to-principal'
import { factsItem } from '../reviews/review-item'
import { isoOrNull, isoTime } from '../timestamps'
import { changedSet, documentChanges } from './changed-set'
import { grammar } from './grammar'
import { keptNames } from './kept-names'
import { determiningItem, toDeterminingItem, toVerdictItem, verdictItem } from './verdict-item'

export const explainDecisionInput = z.strictObject({
  /** Who would send it; absent: the caller. */
  principalId: z.string().max(64).optional(),
  /** Id or name. */
  connection: z.string().max(64),
  /** Another database of the same server. */
  database: z.string().min(1).max(63).optional(),
  text: z.string().max(256 * 1024),
  /** Groups that would have approved it. */
  approvedBy: z.array(z.string().max(128)).max(20).default([]),
  client: z
    .strictObject({ address: z.union([z.ipv4(), z.ipv6()]), application: z.string().max(200).default('') })
    .default({ address: '127.0.0.1', application: '' }),
  /** Label of the run it would be in. */
  run: z.string().min(1).max(200).optional(),
  documents: documentChanges,
})

export const explainedDecision = z.object({
  setVersion: z.number().int(),
  verdict: verdictItem,
  /** The policies that made it. Empty: none permits it. */
  determining: z.array(determiningItem),
  /** What approval by all that are asked would lead to; null when nobody is asked. */
  approved: verdictItem.nullable(),
  facts: factsItem,
  /** Why it is not clear, in words. */
  because: z.array(z.string()),
  /** When a proxy last read what names mean in that database; null: none has since the connection was changed, so names are not known. */
  catalogReadAt: isoTime.nullable(),
  /** False: it may not connect at all, whatever the policies say. */
  mayConnect: z.boolean(),
})
export type ExplainedDecision = z.infer<typeof explainedDecision>

/** What would be decided about a statement, by which policies and from which facts. Nothing is sent and nothing is recorded of it. */
export async function explainDecision({
  ctx,
  input,
}: Call<z.input<typeof explainDecisionInput>>): Promise<ExplainedDecision> {
  requirePermission(ctx, 'policies:read')
  const query = parseInput(explainDecisionInput, input)
  const who = await findPrincipal(ctx, query.principalId ?? ctx.actor.principal.id)
  const connection = await findConnection(ctx, query.connection)
  const set = await changedSet(ctx, query.documents)
  const session = sessionOf(who, connection, query)
  const { id: connectionId, version: connectionVersion } = connection
  const kept = await keptNames(ctx.db, { ...session, connectionId, connectionVersion })
  const known = (await grammar(limitsOf(ctx)))(query.text, {
    catalog: kept.catalog,
    strings: 'standard',
    encoding: 'utf8',
  })
  const policies = new Policies(set)
  try {
    const { approvedBy } = query
    const operation = { type: 'query', facts: known, approvedBy, now: ctx.clock.now(), names: kept.names } as const
    const { verdict, determining, approved } = policies.explain(session, operation)
    return {
      setVersion: set.version,
      verdict: toVerdictItem(verdict),
      determining: determining.map(toDeterminingItem),
      approved: approved && toVerdictItem(approved),
      facts: structuredClone(known.facts) as z.infer<typeof factsItem>,
      because: [...known.because],
      catalogReadAt: isoOrNull(kept.readAt),
      mayConnect: connection.access.some((group) => who.principal.groups.includes(group)),
    }
  } finally {
    policies.release()
  }
}

type Query = z.output<typeof explainDecisionInput>
type StoredConnection = typeof connections.$inferSelect
type Who = Pick<PolicySession, 'principal' | 'onBehalfOf'>

function sessionOf(who: Who, { name, protocol, tags, settings }: StoredConnection, query: Query): PolicySession {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    ...who,
    connection: { name, protocol, tags },
    database: query.database ?? text(settings.database),
    targetUser: text(settings.user),
    client: query.client,
    run: query.run === undefined ? null : { id: '', label: query.run },
  }
}

/** Oneself, one's own agents, and with `principals:read` everybody. */
async function findPrincipal(ctx: Context, id: string): Promise<Who> {
  const me = ctx.actor.principal.id
  const visible = may(ctx.actor, 'principals:read') ? undefined : or(eq(principals.id, me), eq(principals.ownerId, me))
  const [row] = isId('principal', id)
    ? await ctx.db
        .select({ principal: principals, owner: owners })
        .from(principals)
        .leftJoin(owners, eq(owners.id, principals.ownerId))
        .where(and(eq(principals.id, id), visible))
    : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such principal.')
  const principal = toPrincipal(row.principal)
  return { principal, onBehalfOf: row.owner === null ? principal : toPrincipal(row.owner) }
}

async function findConnection(ctx: Context, named: string): Promise<StoredConnection> {
  const one = isId('connection', named) ? eq(connections.id, named) : eq(connections.name, named)
  const [row] = await ctx.db
    .select()
    .from(connections)
    .where(and(one, isNull(connections.deletedAt), visibleConnections(ctx)))
  if (row === undefined) throw notFound()
  return row
}
