import { describe, expect, it } from 'vitest'
import { policyOutline } from './policy-outline'

const TEXT = `
// permit (comments do not count)
@id("agents-destructive")
@reason("An agent's \\"drop\\" needs a person.")
@hold("role:approver") @quorum("2")
forbid (principal is Agent, action, resource)
when { context has sql && context.sql.kinds.contains("drop") }
unless { context.approvedBy.contains("role:approver") };

permit (principal, action, resource);
@alert("critical")
forbid (principal, action, resource);
`

describe('what a document of policies does', () => {
  it('each statement with its effect, its name and its words', () => {
    expect(policyOutline('doc', TEXT)).toEqual([
      {
        id: 'agents-destructive',
        effect: 'hold',
        line: 6,
        reason: 'An agent\'s "drop" needs a person.',
        hold: { group: 'role:approver', quorum: 2 },
        alert: null,
      },
      { id: 'doc.2', effect: 'permit', line: 10, reason: null, hold: null, alert: null },
      { id: 'doc.3', effect: 'forbid', line: 12, reason: null, hold: null, alert: 'critical' },
    ])
  })

  it('a permit holds nothing, whatever it is annotated with', () => {
    expect(policyOutline('x', '@hold("a") permit (principal, action, resource);')[0]?.effect).toBe('permit')
  })

  it('words inside of strings and conditions are no statements', () => {
    expect(policyOutline('x', 'permit (principal, action, resource) when { "forbid (" == "permit" };')).toHaveLength(1)
  })

  it('says what it can of a text that is no Cedar', () => {
    expect(policyOutline('x', 'forbid ( { @hold("')).toHaveLength(1)
    expect(policyOutline('x', '')).toEqual([])
  })
})
