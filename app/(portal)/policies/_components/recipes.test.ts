import { describe, expect, it } from 'vitest'
import { parseDocument } from '#lib/policy/parse'
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

  it.each(STARTER_POLICIES.map((document) => [document.name, document] as const))(
    'the outline tells of %s what the policy engine makes of it',
    (name, document) => {
      const outlined = policyOutline(name, document.text).map(({ id, effect }) => `${effect} ${id}`)
      const { statements } = parseDocument(document)
      expect(outlined).toEqual(statements.map(({ id, effect, hold }) => `${hold ? 'hold' : effect} ${id}`))
    },
  )
})
