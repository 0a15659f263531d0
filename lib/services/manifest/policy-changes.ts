import type { Context } from '../context'
import { findProblems } from '../policies/check-documents'
import { lockPolicies, mergeDocuments, readDocuments, type WantedDocument } from '../policies/write-set'
import type { ManifestFile } from './manifest-file'

interface PolicyPlan {
  readonly what: 'policy'
  readonly kind: 'policy'
  readonly name: string
  readonly action: 'create' | 'update'
  readonly text: string
  readonly details: string[]
}

/** Which documents differ from what the file says. The whole set as it would be is validated, so that nothing half is planned. */
export async function planPolicies(
  ctx: Context,
  file: ManifestFile,
  given: Readonly<Record<string, string>>,
): Promise<PolicyPlan[]> {
  const wanted = textsOf(file, given)
  if (wanted.length === 0) return []
  await lockPolicies(ctx)
  const before = await readDocuments(ctx)
  const [problem] = findProblems(mergeDocuments(before, wanted))
  if (problem !== undefined) {
    const index = wanted.findIndex(({ name }) => name === problem.document)
    const place = `${problem.document}${problem.line === null ? '' : `:${problem.line}`}`
    throw file.fail(index === -1 ? ['policies'] : ['policies', index], `${place}: ${problem.message}`)
  }
  return wanted.flatMap(({ name, text }): PolicyPlan[] => {
    const old = before.find((document) => document.name === name)
    if (old?.text === text) return []
    const base = { what: 'policy', kind: 'policy', name, text } as const
    return [
      {
        ...base,
        action: old === undefined ? 'create' : 'update',
        details: [old === undefined ? lines(text) : 'text changed'],
      },
    ]
  })
}

function textsOf(file: ManifestFile, given: Readonly<Record<string, string>>): (WantedDocument & { text: string })[] {
  return file.manifest.policies.map((policy, index) => {
    if ('text' in policy) return { name: policy.name, text: policy.text }
    const text = Object.hasOwn(given, policy.name) ? given[policy.name] : undefined
    if (!text)
      throw file.fail(['policies', index, 'file'], `${policy.name}: the file ${policy.file} is empty or missing`)
    return { name: policy.name, text }
  })
}

function lines(text: string): string {
  const count = text.trimEnd().split('\n').length
  return count === 1 ? '1 line' : `${count} lines`
}
