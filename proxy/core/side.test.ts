import { expect, test } from 'vitest'
import type { Authorized, Dialled } from './ports'
import { sides } from './side'
import { heldSession } from './testing/held-session'
import { query, turns } from './testing/recorder-parts'

const access = {} as Authorized

/** A dial that notes what is written. */
function dialling() {
  const written: string[] = []
  const signals: AbortSignal[] = []
  const writer = { write: (bytes: Uint8Array) => written.push(Buffer.from(bytes).toString()) > 0 }
  const open = sides(async (_, signal) => {
    signals.push(signal)
    return { upstream: {}, writer } as unknown as Dialled
  })
  return { open, written, signals }
}

test('nothing is sent beside a session before it is on record there, for good', async () => {
  const { parts, gate } = await heldSession()
  const { open, written } = dialling()
  const side = await open(access, gate, new AbortController().signal)
  parts.disk.autoSync = false
  const permit = gate.own(query('EXPLAIN'))
  if (permit === null) throw new Error('refused')
  const sent = side.send(permit, Buffer.from('EXPLAIN'))
  await turns()
  expect(written).toEqual([])
  parts.disk.finishSync()
  await sent
  expect(written).toEqual(['EXPLAIN'])
})

test('what the session does ends with it', async () => {
  const { gate, recorded } = await heldSession()
  const { open, written, signals } = dialling()
  const side = await open(access, gate, new AbortController().signal)
  const permit = gate.own(query('EXPLAIN'))
  if (permit === null) throw new Error('refused')
  recorded.end('ended-by-person', { kind: 'unavailable', reason: 'ended' })
  await expect(side.send(permit, Buffer.from('EXPLAIN'))).rejects.toThrow('ended')
  await expect(open(access, gate, new AbortController().signal)).rejects.toThrow('ended')
  expect([written, signals[0]?.aborted]).toEqual([[], true])
})
