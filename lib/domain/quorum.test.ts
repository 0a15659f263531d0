import { describe, expect, it } from 'vitest'
import { approvalsIn, countApprovals, demandsMet, narrowestScope } from './quorum'

const vote = (id: string, groups: readonly string[], decision: 'approve' | 'reject' = 'approve') =>
  ({ principal: { id, name: id }, decision, groups, scope: null }) as never
const scoped = (scope: unknown) => ({ ...(vote('a', []) as object), scope }) as never
const demand = (group: string, quorum: number) => ({ policy: 'p', group, quorum, reason: '' })

describe('a quorum', () => {
  it('counts different humans, not votes', () => {
    expect(countApprovals('dbas', approvalsIn([vote('a', ['dbas']), vote('a', ['dbas'])]))).toBe(1)
    expect(countApprovals('dbas', approvalsIn([vote('a', ['dbas']), vote('b', ['dbas'])]))).toBe(2)
  })

  it('counts only approvals, and only for the groups that the vote was for', () => {
    const approvals = approvalsIn([vote('a', ['dbas'], 'reject'), vote('b', ['other'])])
    expect(countApprovals('dbas', approvals)).toBe(0)
  })

  it('is reached when every demand is met', () => {
    const approvals = approvalsIn([vote('a', ['dbas', 'role:approver']), vote('b', ['role:approver'])])
    expect(demandsMet([demand('role:approver', 2), demand('dbas', 1)], approvals)).toBe(true)
    expect(demandsMet([demand('role:approver', 2), demand('dbas', 2)], approvals)).toBe(false)
  })
})

describe('the scope of several approvals', () => {
  it('is the narrowest: once, else the fewest minutes, else the run', () => {
    const minutes = (count: number) => scoped({ kind: 'minutes', minutes: count })
    expect(narrowestScope([minutes(9), scoped({ kind: 'once' })])).toEqual({ kind: 'once' })
    expect(narrowestScope([scoped({ kind: 'run' }), minutes(9), minutes(5)])).toEqual({ kind: 'minutes', minutes: 5 })
    expect(narrowestScope([scoped({ kind: 'run' })])).toEqual({ kind: 'run' })
    expect(narrowestScope([])).toBeNull()
  })
})
