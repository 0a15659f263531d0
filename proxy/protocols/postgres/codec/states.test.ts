import { expect, test } from 'vitest'
import { B } from './backend'
import { nextState, STATE, type StateName, TABLE } from './states'

const letters = new Map(Object.entries(B).map(([name, type]) => [type as number, name as keyof typeof B]))

test('every type of message is legal or refused in every state, as the table says', () => {
  for (const [name, row] of Object.entries(TABLE)) {
    for (let type = 0; type < 256; type++) {
      const message = letters.get(type)
      const to: StateName = (message && row[message as keyof typeof row]) ?? 'refused'
      expect(nextState(STATE[name as StateName], type), `${name} ${type}`).toBe(STATE[to])
    }
  }
})

test('after its end, and from nowhere, nothing is legal', () => {
  for (let type = 0; type < 256; type++) {
    expect(nextState(STATE.done, type)).toBe(STATE.refused)
    expect(nextState(STATE.refused, type)).toBe(STATE.refused)
  }
})

test('every state can be left by an error or is one that follows one', () => {
  for (const [name, row] of Object.entries(TABLE)) {
    expect('error' in row || name === 'syncFailed', name).toBe(true)
  }
})

test('an exchange of the simple protocol, and a Sync, ends with ReadyForQuery only', () => {
  for (const [name, row] of Object.entries(TABLE)) {
    if (!name.startsWith('query') && !name.startsWith('sync')) continue
    for (const [message, to] of Object.entries(row)) if (to === 'done') expect(message).toBe('readyForQuery')
  }
})
