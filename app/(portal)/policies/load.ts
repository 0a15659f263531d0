import { listConnections } from '#lib/services/connections/list'
import type { Context } from '#lib/services/context'
import { listPolicyVersions, type PolicyVersionItem, readPolicyVersion } from '#lib/services/policies/list-versions'
import { listPrincipals } from '#lib/services/principals/list'
import type { ExplainChoices } from './_components/explain-choices'

/** Sets that are looked through for those that changed a document. */
const SETS = 200

/** A document as one set had it, and as the one before had it; empty where it was not there. */
export interface DocumentVersion {
  readonly set: number
  readonly before: string
  readonly after: string
}

/** The sets that changed a document, newest first. */
export async function versionsOf(ctx: Context, name: string): Promise<readonly PolicyVersionItem[]> {
  const { items } = await listPolicyVersions({ ctx, input: { limit: SETS } })
  return items.filter(({ changes }) => changes.some((change) => change.name === name))
}

export async function documentAt(ctx: Context, name: string, set: number): Promise<DocumentVersion> {
  const [after, before] = await Promise.all([
    readPolicyVersion({ ctx, input: { version: set } }),
    set > 1 ? readPolicyVersion({ ctx, input: { version: set - 1 } }) : null,
  ])
  const textIn = (documents: readonly { name: string; text: string }[] | undefined) =>
    documents?.find((document) => document.name === name)?.text ?? ''
  return { set, before: textIn(before?.documents), after: textIn(after.documents) }
}

/** Whom and what the actor can try statements with: agents first, since policies are mostly about them. */
export async function explainChoices(ctx: Context): Promise<ExplainChoices> {
  const [principals, connections] = await Promise.all([
    listPrincipals({ ctx, input: { limit: 200 } }),
    listConnections({ ctx, input: { state: 'active', limit: 200 } }),
  ])
  const byKind = [...principals.items].sort((a, b) => Number(a.kind === 'person') - Number(b.kind === 'person'))
  return {
    principals: byKind.map(({ id, name, kind }) => ({ id, name, kind })),
    connections: connections.items.map(({ name }) => name),
  }
}
