import type { Metadata } from 'next'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listPolicies } from '#lib/services/policies/list'
import { param, type SearchParams } from '../../../_components/address'
import { NotForRole } from '../../../_components/not-for-role'
import { RecipeList } from '../_components/recipe-list'
import { BLANK, RECIPES } from '../_components/recipes'
import { Workspace } from '../_components/workspace'
import { explainChoices } from '../load'

export const metadata: Metadata = { title: 'New policy' }

export default async function NewPolicyPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  if (!may(ctx.actor, 'policies:write'))
    return <NotForRole>Policies are written by admins. Ask one of them.</NotForRole>
  const from = param(await searchParams, 'from')
  const { items } = await listPolicies({ ctx, input: {} })
  if (from === undefined) return <RecipeList existing={items.map(({ name }) => name)} />
  const recipe = RECIPES.find(({ name }) => name === from)
  const copied = items.find(({ name }) => name === from)
  const name = recipe?.name ?? (copied ? `${copied.name}-copy` : '')
  return (
    <Workspace
      key={from}
      document={null}
      proposed={{ name: free(name, items), text: recipe?.text ?? copied?.text ?? BLANK }}
      versions={[]}
      choices={await explainChoices(ctx)}
      mayWrite
      mayDryRun={may(ctx.actor, 'recordings:read')}
      now={ctx.clock.now()}
    />
  )
}

/** The name, with a number behind it when it is taken. */
function free(name: string, items: readonly { readonly name: string }[]): string {
  const taken = new Set(items.map((item) => item.name))
  if (name === '' || !taken.has(name)) return name
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`
}
