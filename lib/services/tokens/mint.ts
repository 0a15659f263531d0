import { and, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { mintToken as mintSecret } from '../../crypto/tokens'
import { connections } from '../../db/schema/connections'
import { accessTokens, principals } from '../../db/schema/principals'
import { connectionName } from '../../domain/connection'
import { SallyportError } from '../../domain/errors'
import { isId, newId } from '../../domain/ids'
import { may } from '../../domain/permissions'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, idSource, inTransaction } from '../context'
import { parseInput } from '../input'
import { findOrCreateRun } from '../runs/find-or-create'
import { notifyLive } from '../signals/notify'
import { iso, isoTime } from '../timestamps'

export const TTL_SECONDS = { min: 60, max: 24 * 60 * 60, default: 60 * 60 } as const

export const mintTokenInput = z
  .strictObject({
    /** For whom; absent with `agent` absent: for the actor itself. */
    principalId: z.string().max(64).optional(),
    /** Name of an agent or service, instead of its id. */
    agent: z.string().max(63).optional(),
    label: z.string().max(200).default(''),
    /** Label of the agent job it belongs to. Every mint with a label makes one run, unless one of that label is younger than a day. */
    run: z.string().min(1).max(200).optional(),
    /** Connections it is good for; absent: all that its principal may use. */
    connections: z.array(connectionName).min(1).max(100).optional(),
    ttlSeconds: z
      .number()
      .int()
      .min(TTL_SECONDS.min, 'must be at least 1 minute')
      .max(TTL_SECONDS.max, 'must be at most 24 hours')
      .default(TTL_SECONDS.default),
  })
  .refine((input) => !(input.principalId && input.agent), 'give principalId or agent, not both')

export const mintedToken = z.object({
  id: z.string(),
  /** Shown this once. */
  token: z.string(),
  expiresAt: isoTime,
  runId: z.string().nullable(),
})
export type MintedToken = z.infer<typeof mintedToken>

/** Mints an access token for the gateway's listeners: for oneself, an agent one owns, or (`tokens:write`) any agent or service. */
export async function mintToken({ ctx, input }: Call<z.input<typeof mintTokenInput>>): Promise<MintedToken> {
  const wanted = parseInput(mintTokenInput, input)
  return inTransaction(ctx, async (inside) => {
    const holder = await findHolder(inside, wanted)
    await checkConnections(inside, wanted.connections)
    const run = wanted.run === undefined ? null : await findOrCreateRun(inside, holder.id, wanted.run)
    const { token, hash, hint } = mintSecret((length) => inside.random(length))
    const { actor } = inside
    const forSelfInBrowser = holder.id === actor.principal.id && actor.via.kind === 'sign-in'
    const [row] = await inside.db
      .insert(accessTokens)
      .values({
        id: newId('token', idSource(inside)),
        hash,
        hint,
        label: wanted.label,
        principalId: holder.id,
        runId: run,
        connections: wanted.connections ? [...new Set(wanted.connections)].sort() : null,
        signInId: forSelfInBrowser && actor.via.kind === 'sign-in' ? actor.via.signInId : null,
        createdBy: actor.principal.id,
        expiresAt: sql`now() + make_interval(secs => ${wanted.ttlSeconds})`,
      })
      .returning({ id: accessTokens.id, expiresAt: accessTokens.expiresAt })
    if (row === undefined) throw new SallyportError('internal', 'The token was not kept.')
    await emitAudit(inside, {
      action: 'token.mint',
      targetId: row.id,
      targetName: holder.name,
      detail: { principalId: holder.id, run, connections: wanted.connections ?? null, ttlSeconds: wanted.ttlSeconds },
    })
    await notifyLive(inside.db, 'tokens')
    return { id: row.id, token, expiresAt: iso(row.expiresAt), runId: run }
  })
}

type Holder = Pick<typeof principals.$inferSelect, 'id' | 'name'>

/** Nobody mints a token that speaks as another person, whatever their role. */
async function findHolder(ctx: Context, wanted: { principalId?: string | undefined; agent?: string | undefined }) {
  const { actor } = ctx
  const self = wanted.agent === undefined && (wanted.principalId ?? actor.principal.id) === actor.principal.id
  if (self) {
    if (actor.via.kind === 'operator' || actor.via.kind === 'system')
      throw new SallyportError('invalid_input', 'agent: name the agent or service the token is for.', {
        field: 'agent',
      })
    return actor.principal satisfies Holder
  }
  const named =
    wanted.agent !== undefined
      ? eq(principals.name, wanted.agent)
      : eq(
          principals.id,
          isId('principal', wanted.principalId ?? '') ? (wanted.principalId as `pri_${string}`) : 'pri_',
        )
  const any = may(actor, 'tokens:write')
  const [found] = await ctx.db
    .select({ id: principals.id, name: principals.name, disabledAt: principals.disabledAt })
    .from(principals)
    .where(and(named, ne(principals.kind, 'person'), any ? undefined : eq(principals.ownerId, actor.principal.id)))
    .orderBy(principals.kind)
    .for('share')
  if (found === undefined)
    throw new SallyportError('not_found', 'There is no such agent or service that you answer for.')
  if (found.disabledAt !== null) throw new SallyportError('conflict', `${found.name} is disabled.`)
  return found satisfies Holder
}

async function checkConnections(ctx: Context, names: readonly string[] | undefined): Promise<void> {
  if (names === undefined) return
  const rows = await ctx.db
    .select({ name: connections.name })
    .from(connections)
    .where(and(or(inArray(connections.name, [...names])), isNull(connections.deletedAt)))
  const missing = names.find((name) => !rows.some((row) => row.name === name))
  if (missing !== undefined)
    throw new SallyportError('invalid_input', `connections: there is no connection called ${missing}.`, {
      field: 'connections',
    })
}
