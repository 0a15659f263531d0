import { expect, it } from 'vitest'
import { statusOf } from './opened-statement'

it('a statement that waits for approval was not sent, whatever its record says so far', () => {
  expect(statusOf({ status: 'running' }, { id: 'rev_1', state: 'pending' })).toBe('held')
  expect(statusOf({ status: 'running' }, { id: 'rev_1', state: 'approved' })).toBe('running')
  expect(statusOf({ status: 'refused' }, { id: 'rev_1', state: 'rejected' })).toBe('refused')
  expect(statusOf({ status: 'ok' }, null)).toBe('ok')
})
