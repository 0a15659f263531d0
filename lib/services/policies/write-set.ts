import { asc, eq, sql } from 'drizzle-orm'
import { type PolicyChange, policyDocuments, policyVersions } from '../../db/schema/policies'
import type { PolicyDocument } from '../../domain/policy'
import { emitAudit } from '../audit/emit'
import type { Context } from '../context'
import { databaseNow } from '../database-now'
import { policySetVersion } from '../gateway/policy-set'
import { notifyControl, notifyLive } from '../signals/notify'
import { checkDocuments } from './check-documents'

/** Nobody else changes policies until the transaction ends. */
export async function lockPolicies(ctx: Context): Promise<void> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended('policies', 0))`)
}

/** A document as it shall be; `text: null` takes it away. */
export interface WantedDocument {
  readonly name: string
  readonly text: string | null
}

/**
 * Puts the wanted documents in force, as one new version of the set that is kept forever. Nothing changes where nothing differs. For
 * verbs that have checked permission and hold the lock. Throws `invalid_input` when the whole set would not stand.
 */
export async function writePolicySet(ctx: Context, wanted: readonly WantedDocument[]): Promise<number> {
  const before = await readDocuments(ctx)
  const changes = changesOf(before, wanted)
  const version = await policySetVersion(ctx.db)
  if (changes.length === 0) return version
  const after = mergeDocuments(before, wanted)
  checkDocuments(after)
  for (const change of changes) await keep(ctx, change, after)
  const { id, name } = ctx.actor.principal
  await ctx.db
    .insert(policyVersions)
    .values({ version: version + 1, documents: after, changes, changedBy: id, changedByName: name })
  for (const { action, name: target } of changes)
    await emitAudit(ctx, {
      action: `policy.${action}`,
      targetId: target,
      targetName: target,
      detail: { set: version + 1 },
    })
  await notifyControl(ctx.db, { kind: 'policies-changed', version: version + 1 })
  await notifyLive(ctx.db, 'policies')
  return version + 1
}

/** The set as it would be with the wanted documents, by name. */
export function mergeDocuments(
  before: readonly PolicyDocument[],
  wanted: readonly WantedDocument[],
): readonly PolicyDocument[] {
  const merged = new Map(before.map(({ name, text }) => [name, text]))
  for (const { name, text } of wanted) {
    if (text === null) merged.delete(name)
    else merged.set(name, text)
  }
  return [...merged].map(([name, text]) => ({ name, text })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The documents in force, by name. */
export async function readDocuments({ db }: Context): Promise<readonly PolicyDocument[]> {
  return db
    .select({ name: policyDocuments.name, text: policyDocuments.text })
    .from(policyDocuments)
    .orderBy(asc(policyDocuments.name))
}

function changesOf(before: readonly PolicyDocument[], wanted: readonly WantedDocument[]): PolicyChange[] {
  return wanted.flatMap(({ name, text }): PolicyChange[] => {
    const old = before.find((document) => document.name === name)
    if (old === undefined) return text === null ? [] : [{ action: 'create', name }]
    if (text === null) return [{ action: 'delete', name }]
    return old.text === text ? [] : [{ action: 'update', name }]
  })
}

async function keep(ctx: Context, { action, name }: PolicyChange, after: readonly PolicyDocument[]): Promise<void> {
  if (action === 'delete') {
    await ctx.db.delete(policyDocuments).where(eq(policyDocuments.name, name))
    return
  }
  const { id, name: by } = ctx.actor.principal
  const text = after.find((document) => document.name === name)?.text ?? ''
  const changed = { text, updatedAt: databaseNow, updatedBy: id, updatedByName: by }
  await ctx.db
    .insert(policyDocuments)
    .values({ name, ...changed })
    .onConflictDoUpdate({
      target: policyDocuments.name,
      set: { ...changed, version: sql`${policyDocuments.version} + 1` },
    })
}
