import { describe, expect, it } from 'vitest'
import { STARTER_POLICIES } from '#lib/policy/starter'
import { validatePolicies } from '#lib/policy/validate'
import { policyOutline } from './policy-outline'
import { BLANK, RECIPES } from './recipes'

describe('recipes for policies', () => {
  it.each(RECIPES.map((recipe) => [recipe.name, recipe] as const))('%s can be saved as it stands', (name, { text }) => {
    expect(validatePolicies([...STARTER_POLICIES, { name, text }])).toEqual([])
  })

  it('so can all of them together, and the skeleton', () => {
    const documents = [...STARTER_POLICIES, ...RECIPES, { name: 'blank', text: BLANK }]
    expect(validatePolicies(documents.map(({ name, text }) => ({ name, text })))).toEqual([])
  })

  it('the outline tells of the starter set what the policy engine makes of it', () => {
    const outlined = STARTER_POLICIES.flatMap(({ name, text }) => policyOutline(name, text))
    expect(outlined.map(({ id, effect }) => `${effect} ${id}`)).toEqual([
      'permit starter-access',
      'hold starter-agents-code',
      'hold starter-agents-destroy',
      'forbid starter-no-drop-database',
      'hold starter-admin',
    ])
  })
})
