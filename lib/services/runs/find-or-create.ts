import { and, desc, eq, gt, sql } from 'drizzle-orm'
import { runs } from '../../db/schema/principals'
import { newId, type PrincipalId, type RunId } from '../../domain/ids'
import { type Context, idSource } from '../context'

/** The principal's run of this label that began within a day, or a new one. Labels of different principals never meet. */
export async function findOrCreateRun(ctx: Context, principalId: PrincipalId, label: string): Promise<RunId> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`run:${principalId}:${label}`}, 0))`)
  const [found] = await ctx.db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(eq(runs.principalId, principalId), eq(runs.label, label), gt(runs.createdAt, sql`now() - interval '1 day'`)),
    )
    .orderBy(desc(runs.createdAt))
    .limit(1)
  if (found !== undefined) return found.id
  const id = newId('run', idSource(ctx))
  await ctx.db.insert(runs).values({ id, principalId, label })
  return id
}
