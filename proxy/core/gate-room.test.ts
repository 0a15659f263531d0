import { describe, expect, it } from 'vitest'
import { allowAll, FakeWriter, harness, header, query, turns } from './testing/recorder-parts'

describe('a client that sends more than the gate holds', () => {
  it('goes on once the disk has it, although the target’s socket was never full', async () => {
    const parts = harness()
    const upstream = new FakeWriter()
    const recorded = await parts.recorder.open({
      header: header('ses_aaaaaaaaaaaaaaaaaaaa'),
      recording: 'standard',
      client: new FakeWriter().asSocket(),
      decide: allowAll,
      hold: null,
    })
    recorded.attach(upstream)
    const ruling = await recorded.gate.decide(query('COPY t FROM STDIN', 'write'))
    if (ruling.effect !== 'allow') throw new Error('refused')
    parts.disk.autoSync = false
    const piece = Buffer.alloc(64 * 1024, 'x')
    let room: Promise<void> | undefined
    let sent = 0
    while (!room) {
      sent += piece.length
      room = recorded.gate.stream(ruling.permit, piece)
      await turns()
    }
    let goesOn = false
    const told = room.then(() => {
      goesOn = true
    })
    while (parts.disk.pending.length > 0) {
      expect(goesOn).toBe(false)
      parts.disk.finishSync()
      await turns()
    }
    await told
    parts.disk.autoSync = true
    parts.disk.finishSync()
    await expect.poll(() => upstream.written.join('').length).toBe(sent)
    expect(sent).toBeGreaterThan(1024 * 1024)
    await recorded.close({ reason: 'client-closed', detail: '' })
  })
})
