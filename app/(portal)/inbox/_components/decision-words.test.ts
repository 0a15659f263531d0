import { describe, expect, it } from 'vitest'
import { decisionWords } from './decision-words'

const NOW = Date.parse('2026-11-26T03:00:00Z')
const petra = {
  voter: { id: 'pri_1', name: 'Petra Approver' },
  groups: [],
  scope: null,
  at: '2026-11-26T02:59:00.000Z',
}
const approved = {
  votes: [{ ...petra, decision: 'approve' as const, reason: null }],
  scope: { kind: 'once' as const },
  closeReason: null,
  mode: 'wait' as const,
  execution: null,
  expiresAt: '2026-11-26T03:14:00.000Z',
}
const ticket = { ...approved, mode: 'ticket' as const }

describe('what became of a review', () => {
  it('an approved ticket runs when it is sent again, as long as the approval holds', () => {
    expect(decisionWords(ticket, 'approved', NOW)).toMatch(
      /^By Petra Approver, once\. It runs when the client sends it again, until /,
    )
    expect(decisionWords(approved, 'approved', NOW)).toBe('By Petra Approver, once.')
  })

  it('a ticket nobody came back for was never sent', () => {
    expect(decisionWords(ticket, 'approved', NOW + 15 * 60_000)).toBe(
      'By Petra Approver, once. The client did not send it again in time: nothing was sent.',
    )
  })

  it('only a client that waits is told of the end', () => {
    expect(decisionWords(approved, 'expired', NOW)).toBe(
      'Nobody decided in time. The client was told, and nothing was sent.',
    )
    expect(decisionWords(ticket, 'expired', NOW)).toBe('Nobody decided in time. Nothing was sent.')
  })

  it('a rejection is quoted', () => {
    const votes = [{ ...petra, decision: 'reject' as const, reason: 'Not before the audit.' }]
    expect(decisionWords({ ...ticket, votes }, 'rejected', NOW)).toBe('By Petra Approver: Not before the audit.')
  })
})
