import { describe, expect, it } from 'vitest'
import { actionIcon, actionWords, targetHref } from './action-words'

describe('words of the audit log', () => {
  it('an action nobody foresaw is shown as it is, not hidden', () => {
    expect(actionWords('policy.publish')).toBe('policy.publish')
    expect(actionIcon('policy.publish')).toBe('audit')
  })

  it('a target name cannot change where its link leads', () => {
    expect(targetHref('con_1', 'x&edit=1')).toBe('/connections?open=x%26edit%3D1')
  })

  it('what has no page of its own gets no link', () => {
    expect(targetHref('admin', 'admin')).toBeNull()
  })
})
