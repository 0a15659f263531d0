import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { insertConnection } from '../connections/create'
import { replaceConnection } from '../connections/update'
import { type Call, type Context, inTransaction } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { writePolicySet } from '../policies/write-set'
import { createAgent } from '../principals/create-agent'
import { updateAgent } from '../principals/update-agent'
import { manifestChange, type PlannedChange, planChanges } from './changes'
import { readManifest } from './manifest-file'

export const applyFileInput = z.strictObject({
  /** Text of a sallyport.yaml. */
  file: z.string().max(600_000),
  /** What errors call it. */
  fileName: z.string().min(1).max(300).default('sallyport.yaml'),
  /** Values of the secrets that the file takes from the environment or from files: connection name, then field. */
  secrets: z.record(z.string().max(63), z.record(z.string().max(64), z.string().max(65_536))).default({}),
  /** Texts of the policies that the file takes from files, by name. */
  policies: z.record(z.string().max(63), z.string().max(200_000)).default({}),
  /** Only tell what would change. */
  dryRun: z.boolean().default(false),
})

export const applyResult = z.object({ changes: z.array(manifestChange), applied: z.boolean() })
export type ApplyResult = z.infer<typeof applyResult>

/**
 * Makes the store say what the file says, in one transaction; what the file does not name is left alone. Applying the same file
 * twice changes nothing the second time. The first error refuses the whole file, as `file:line: reason`.
 */
export async function applyFile({ ctx, input }: Call<z.input<typeof applyFileInput>>): Promise<ApplyResult> {
  requirePermission(ctx, 'connections:write')
  requirePermission(ctx, 'principals:write')
  requirePermission(ctx, 'policies:write')
  const { file, fileName, secrets, policies, dryRun } = parseInput(applyFileInput, input)
  const read = readManifest(file, fileName)
  return inTransaction(ctx, async (inside) => {
    await inside.db.execute(sql`select pg_advisory_xact_lock(hashtextextended('apply', 0))`)
    const planned = await planChanges(inside, read, { secrets, policies })
    if (!dryRun) await makeAll(inside, planned)
    const changes = planned.map(({ kind, name, action, details }) => ({ kind, name, action, details }))
    return { changes, applied: !dryRun }
  })
}

/** Policies last, and all of them as one version of the set. */
async function makeAll(ctx: Context, planned: readonly PlannedChange[]): Promise<void> {
  const documents = planned.flatMap((change) => (change.what === 'policy' ? change : []))
  for (const change of planned) if (change.what !== 'policy') await make(ctx, change)
  if (documents.length > 0) await writePolicySet(ctx, documents)
}

async function make(ctx: Context, change: Exclude<PlannedChange, { what: 'policy' }>): Promise<void> {
  if (change.what === 'connection') {
    const { before, document, secrets } = change
    if (before === null) await insertConnection(ctx, document, secrets)
    else await replaceConnection(ctx, before, document, secrets)
    return
  }
  const { before, agent } = change
  const { name, kind, owner, groups } = agent
  if (before === null) await createAgent({ ctx, input: { name, kind, ownerEmail: owner, groups } })
  else await updateAgent({ ctx, input: { id: before.id, ownerEmail: owner, groups } })
}
