import { z } from 'zod'
import type { Call } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { findProblems } from './check-documents'
import { policyName } from './policy-item'
import { mergeDocuments, readDocuments } from './write-set'

export const checkPolicyInput = z.strictObject({ name: policyName, text: z.string().max(200_000) })
export const checkedPolicy = z.object({
  problems: z.array(
    z.object({
      document: z.string(),
      line: z.number().int().nullable(),
      /** Null: the line as a whole. */
      column: z.number().int().nullable(),
      message: z.string(),
    }),
  ),
})

/** What would keep a document from being saved, with the others as they are. Nothing is changed. */
export async function checkPolicy({
  ctx,
  input,
}: Call<z.input<typeof checkPolicyInput>>): Promise<z.infer<typeof checkedPolicy>> {
  requirePermission(ctx, 'policies:read')
  const document = parseInput(checkPolicyInput, input)
  const problems = findProblems(mergeDocuments(await readDocuments(ctx), [document]))
  return { problems: problems.map((problem) => ({ ...problem })) }
}
