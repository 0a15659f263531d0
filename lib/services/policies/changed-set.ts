import { z } from 'zod'
import type { PolicySet } from '../../domain/policy'
import type { Context } from '../context'
import { loadPolicySet } from '../gateway/policy-set'
import { checkDocuments } from './check-documents'
import { policyName } from './policy-item'
import { mergeDocuments } from './write-set'

/** Documents as they might be, instead of those in force; `text: null` takes one away. */
export const documentChanges = z
  .array(z.strictObject({ name: policyName, text: z.string().max(200_000).nullable() }))
  .max(100)
  .default([])

/** The set in force with these changes. Throws `invalid_input` when it would not stand. */
export async function changedSet(ctx: Context, changes: z.output<typeof documentChanges>): Promise<PolicySet> {
  const set = await loadPolicySet(ctx.db)
  if (changes.length === 0) return set
  const documents = mergeDocuments(set.documents, changes)
  checkDocuments(documents)
  return { version: set.version, documents }
}
