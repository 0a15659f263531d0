import { brotliDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordedSession } from './session-ports'
import { allowAll, FakeWriter, framesIn, harness, header, query } from './testing/recorder-parts'

/**
 * Random schedules of commands, results, turns of the event loop, syncs and failures, over a disk that shows what it would hold if the
 * processes died (`files`) or the power failed (`synced`) at the very moment a byte goes out.
 */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('read', 'write'), who: fc.nat(2) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('deliver'), who: fc.nat(2), size: fc.constantFrom(1, 40, 9_000, 50_000) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('turn', 'turn', 'synced', 'synced', 'later') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('packed') }) },
)
const failure = fc.option(fc.record({ at: fc.nat(60), how: fc.constantFrom('append', 'sync') }))

interface Peer {
  readonly recorded: RecordedSession
  readonly client: FakeWriter
  readonly upstream: FakeWriter
  readonly dispatched: string[]
  readonly delivered: string[]
}

class Schedule {
  readonly later: (() => void)[] = []
  readonly delays: (() => void)[] = []
  readonly parts = harness({
    limits: { spoolBytes: 40_000, spoolMs: 60_000, recordingBytes: 1 << 30 },
    later: (turn) => void this.later.push(turn),
    delay: (_, task) => void this.delays.push(task),
  })
  readonly peers: Peer[] = []
  failed = false
  #count = 0

  async open(): Promise<void> {
    this.parts.disk.autoSync = false
    // Nothing is ever shipped: results are soon packed before they go into the spool.
    this.parts.shipper.auto = false
    for (let i = 0; i < 3; i++) {
      const client = new FakeWriter()
      const upstream = new FakeWriter()
      const opening = this.parts.recorder.open({
        header: header(`ses_0000000000000000000${i}`),
        recording: 'standard',
        client: client.asSocket(),
        decide: allowAll,
        hold: null,
      })
      this.turn()
      this.parts.disk.finishSync()
      const recorded = await opening
      recorded.attach(upstream)
      const peer: Peer = { recorded, client, upstream, dispatched: [], delivered: [] }
      upstream.onWrite = (bytes) => this.#checkSent(peer, bytes)
      client.onWrite = (bytes) => this.#checkDelivered(peer, bytes)
      this.peers.push(peer)
    }
  }

  turn(): void {
    for (const task of this.later.splice(0)) task()
  }

  async run(
    steps: readonly { do: string; who?: number; size?: number }[],
    fail: { at: number; how: string } | null,
  ): Promise<void> {
    for (const [i, step] of steps.entries()) {
      if (i === fail?.at && fail.how === 'append') {
        this.parts.disk.failAppends = new Error('ENOSPC')
        this.parts.disk.torn = 11
      }
      if (i === fail?.at && fail.how === 'sync' && this.parts.disk.pending.length > 0) {
        this.parts.disk.finishSync(new Error('EIO'))
        this.failed = true
      }
      await this.#step(step)
    }
    for (let i = 0; i < 8 && !this.failed; i++) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      this.turn()
      while (this.parts.disk.pending.length > 0) this.parts.disk.finishSync()
    }
  }

  async #step(step: { do: string; who?: number; size?: number }): Promise<void> {
    const peer = this.peers[step.who ?? 0]
    if (step.do === 'turn') this.turn()
    else if (step.do === 'later') for (const task of this.delays.splice(0)) task()
    else if (step.do === 'synced') this.parts.disk.finishSync()
    else if (step.do === 'packed') await new Promise((resolve) => setTimeout(resolve, 1))
    else if (peer !== undefined && step.do === 'deliver') {
      const bytes = Buffer.alloc(step.size ?? 1, `${this.#count++};`)
      if (peer.recorded.gate.ending === null) peer.delivered.push(bytes.toString())
      void peer.recorded.gate.deliver(bytes)
    } else if (peer !== undefined) await this.#command(peer, step.do === 'read' ? 'read' : 'write')
  }

  async #command(peer: Peer, effect: 'read' | 'write'): Promise<void> {
    const text = `${effect}-${this.#count++}`
    const ruling = await peer.recorded.gate.decide(query(text, effect))
    if (ruling.effect !== 'allow') return
    peer.dispatched.push(text)
    void peer.recorded.gate.dispatch([ruling.permit], Buffer.from(text))
  }

  #checkSent(peer: Peer, bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString()
    const { files, synced } = this.parts.disk
    const held = framesIn(text.startsWith('read') ? files : synced)
    const intent = held.some((frame) => frame.type === 'event' && frame.line.includes(`"text":"${text}"`))
    expect(intent, `${text} was sent before its intent was safe`).toBe(true)
    expect(peer.recorded.gate.ending).toBeNull()
  }

  #checkDelivered(peer: Peer, bytes: Uint8Array): void {
    const out: Buffer[] = []
    for (const frame of framesIn(this.parts.disk.files)) {
      if (frame.session !== peer.recorded.gate.sessionId) continue
      if (frame.type === 'raw') out.push(frame.bytes)
      if (frame.type === 'packed')
        out.push(frame.codec === 1 ? brotliDecompressSync(frame.bytes) : Buffer.from(frame.bytes))
    }
    const before = peer.client.written.slice(0, -1).join('')
    const recorded = Buffer.concat(out).toString()
    expect(
      recorded.startsWith(before + Buffer.from(bytes).toString()),
      'the client got what the spool does not hold',
    ).toBe(true)
  }
}

describe('record before effect', () => {
  it('holds for every byte to a target and to a client, in any schedule, and keeps each in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), failure, async (steps, fail) => {
        const schedule = new Schedule()
        await schedule.open()
        await schedule.run(steps, fail)
        for (const peer of schedule.peers) {
          const sent = peer.upstream.written
          expect(sent).toEqual(peer.dispatched.slice(0, sent.length))
          expect(peer.delivered.join('').startsWith(peer.client.written.join(''))).toBe(true)
          if (fail === null) {
            expect(sent).toEqual(peer.dispatched)
            expect(peer.client.written.join('') === peer.delivered.join(''), 'all that was delivered came out').toBe(
              true,
            )
          }
        }
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})
