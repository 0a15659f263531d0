import { describe, expect, it } from 'vitest'
import { allowAll, FakeWriter, harness, header, query } from './testing/recorder-parts'

describe('a client that sends more than the gate holds', () => {
  it('goes on once the disk has it, although the target’s socket was never full', async () => {
    const parts = harness()
    const upstream = new FakeWriter()
    const recorded = await parts.recorder.open({
      header: header('ses_aaaaaaaaaaaaaaaaaaaa'),
      recording: 'standard',
      client: new FakeWriter().asSocket(),
      decide: allowAll,
    })
    recorded.attach(upstream)
    const ruling = await recorded.gate.decide(query('COPY t FROM STDIN', 'write'))
    if (ruling.effect !== 'allow') throw new Error('refused')
    const piece = Buffer.alloc(64 * 1024, 'x')
    let waits = 0
    for (let i = 0; i < 64; i++) {
      const room = recorded.gate.stream(ruling.permit, piece)
      if (room) waits += 1
      await room
    }
    expect(waits).toBeGreaterThan(0)
    await recorded.close({ reason: 'client-closed', detail: '' })
    expect(upstream.written.join('').length).toBeGreaterThan(2 * 1024 * 1024)
  })
})
