import { and, eq, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { accounts, principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { newId, type PrincipalId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, idSource, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { notifyLive } from '../signals/notify'
import { requireSystem } from '../system-actor'
import { SignInRefused } from './sign-in-refused'

const MAX_GROUPS = 500

export const registerPersonInput = z.strictObject({
  /** Issuer of the identity provider: with `subject` it names an account. */
  provider: z.string().min(1).max(500),
  subject: z.string().min(1).max(500),
  email: z.email().max(254).nullable(),
  /** True only when the provider says that it checked the address. */
  emailVerified: z.boolean(),
  name: z.string().min(1).max(200),
  groups: z.array(z.string().min(1).max(128)),
})
export type PersonProfile = z.output<typeof registerPersonInput>

/**
 * Finds or makes the person behind an account at the identity provider and takes over name, address and groups from it.
 * An address never links an account to a person who already has one. Throws SignInRefused.
 */
export async function registerPerson({
  ctx,
  input,
}: Call<z.input<typeof registerPersonInput>>): Promise<{ principalId: PrincipalId }> {
  requireSystem(ctx)
  const profile = parseInput(registerPersonInput, input)
  if (profile.groups.length > MAX_GROUPS) throw new SignInRefused('too-many-groups')
  return inTransaction(ctx, async (inside) => {
    await inside.db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`sign-in:${profile.provider}:${profile.subject}`}, 0))`,
    )
    const known = await findByAccount(inside, profile)
    const principalId = known ?? (await admit(inside, profile))
    const [person] = await inside.db.select().from(principals).where(eq(principals.id, principalId)).for('update')
    if (person === undefined) throw new SallyportError('internal', 'The person cannot be read back.')
    if (person.disabledAt !== null) throw new SignInRefused('disabled')
    await refuseTakenAddress(inside, profile, principalId)
    const { name, email } = profile
    const groups = [...new Set(profile.groups)].sort()
    await inside.db
      .update(principals)
      .set({ name, email, groups, lastSeenAt: databaseNow })
      .where(eq(principals.id, principalId))
    if (known === null || person.groups.join('\n') !== groups.join('\n')) {
      await emitAudit(inside, {
        action: known === null ? 'principal.register' : 'principal.groups',
        targetId: principalId,
        targetName: name,
        detail: { email, before: person.groups, after: groups },
      })
      await notifyLive(inside.db, 'principals')
    }
    return { principalId }
  })
}

async function findByAccount(ctx: Context, profile: PersonProfile): Promise<PrincipalId | null> {
  const [row] = await ctx.db
    .select({ id: accounts.principalId })
    .from(accounts)
    .where(and(eq(accounts.provider, profile.provider), eq(accounts.subject, profile.subject)))
  return row?.id ?? null
}

/** A new account: takes the place of a person who was invited by this very address, or makes a new person. */
async function admit(ctx: Context, profile: PersonProfile): Promise<PrincipalId> {
  const { provider, subject, email, name } = profile
  const invited = email === null ? null : await findInvited(ctx, email, profile.emailVerified)
  const principalId = invited ?? newId('principal', idSource(ctx))
  if (invited === null) {
    if (email !== null) await refuseTakenAddress(ctx, profile, principalId)
    await ctx.db.insert(principals).values({ id: principalId, kind: 'person', name, email })
  }
  await ctx.db.insert(accounts).values({ provider, subject, principalId })
  return principalId
}

async function findInvited(ctx: Context, email: string, verified: boolean): Promise<PrincipalId | null> {
  const [person] = await ctx.db
    .select({ id: principals.id })
    .from(principals)
    .where(
      and(
        eq(principals.kind, 'person'),
        sql`lower(${principals.email}) = lower(${email})`,
        sql`not exists (select 1 from ${accounts} where ${accounts.principalId} = ${principals.id})`,
      ),
    )
    .for('update')
  if (person === undefined) return null
  if (!verified) throw new SignInRefused('email-unverified')
  return person.id
}

async function refuseTakenAddress(ctx: Context, profile: PersonProfile, principalId: PrincipalId): Promise<void> {
  if (profile.email === null) return
  const [other] = await ctx.db
    .select({ id: principals.id })
    .from(principals)
    .where(and(sql`lower(${principals.email}) = lower(${profile.email})`, ne(principals.id, principalId)))
  if (other !== undefined) throw new SignInRefused('email-taken')
}
