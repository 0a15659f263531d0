'use server'
import { requireContext } from '#lib/auth/context'
import { checkPolicy } from '#lib/services/policies/check'
import { deletePolicy } from '#lib/services/policies/delete'
import { type ExplainedDecision, explainDecision } from '#lib/services/policies/explain'
import type { PolicyItem } from '#lib/services/policies/policy-item'
import { readPolicy } from '#lib/services/policies/read'
import { type SavedPolicy, savePolicy } from '#lib/services/policies/save'
import { type Outcome, outcome } from '../../_components/outcome'
import type { PolicyProblem } from './_components/policy-problem'
import { type DocumentVersion, documentAt } from './load'

/** What would keep a text from being saved. */
export async function checkHere(name: string, text: string): Promise<Outcome<readonly PolicyProblem[]>> {
  return outcome(async () => (await checkPolicy({ ctx: await requireContext(), input: { name, text } })).problems)
}

/** `version` null: it is new. */
export async function saveHere(name: string, text: string, version: number | null): Promise<Outcome<SavedPolicy>> {
  return outcome(async () => savePolicy({ ctx: await requireContext(), input: { name, text, version } }))
}

export async function deleteHere(name: string): Promise<Outcome<null>> {
  return outcome(async () => {
    await deletePolicy({ ctx: await requireContext(), input: { name } })
    return null
  })
}

/** What would be decided about a statement. */
export async function explainHere(
  input: Parameters<typeof explainDecision>[0]['input'],
): Promise<Outcome<ExplainedDecision>> {
  return outcome(async () => explainDecision({ ctx: await requireContext(), input }))
}

/** The document as it is in force now. */
export async function readHere(name: string): Promise<Outcome<PolicyItem>> {
  return outcome(async () => readPolicy({ ctx: await requireContext(), input: { name } }))
}

/** The document as one set had it, and as the set before it had it. */
export async function versionHere(name: string, set: number): Promise<Outcome<DocumentVersion>> {
  return outcome(async () => documentAt(await requireContext(), name, set))
}
