import { z } from 'zod'
import { emitAudit } from '../../audit/emit'
import { type Call, inTransaction, limitsOf } from '../../context'
import { parseInput } from '../../input'
import { requirePermission } from '../../permission'
import { changedSet, documentChanges } from '../changed-set'
import type { DryRunResult, DryRunWatch } from './dry-run-items'
import { judgeRecorded } from './judge-recorded'

export const dryRunPoliciesInput = z.strictObject({
  documents: documentChanges,
  /** How far back. */
  days: z.number().int().min(1).max(30).default(7),
  /** Name of the only connection. */
  connection: z.string().max(63).optional(),
})

const DAY_MS = 24 * 60 * 60_000

/**
 * What the policies in force, changed as given, would have said to what was recorded. It looks at recordings, which is recorded. Throws
 * `too_many` when another dry run is under way in this portal, `unavailable` when `watch` ends it.
 */
export async function dryRunPolicies(
  { ctx, input }: Call<z.input<typeof dryRunPoliciesInput>>,
  watch: DryRunWatch = {},
): Promise<DryRunResult> {
  requirePermission(ctx, 'policies:read')
  requirePermission(ctx, 'recordings:read')
  const { documents, days, connection } = parseInput(dryRunPoliciesInput, input)
  const set = await changedSet(ctx, documents)
  await inTransaction(ctx, (inside) =>
    emitAudit(inside, {
      action: 'policy.dry-run',
      targetId: 'policies',
      detail: { set: set.version, changed: documents.map(({ name }) => name), days, connection: connection ?? null },
    }),
  )
  const to = ctx.clock.now()
  const request = {
    set,
    from: to - days * DAY_MS,
    to,
    connection: connection ?? null,
    reviewMs: limitsOf(ctx).reviewMs,
  }
  return ctx.dryRunner?.run(request, watch) ?? judgeRecorded(ctx.db, request, () => ctx.clock.monotonicMs(), watch)
}
