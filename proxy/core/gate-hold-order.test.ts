import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReviewOutcome } from './hold-ports'
import type { RecordedSession } from './session-ports'
import { approved, type HoldHarness, holdHarness } from './testing/hold-parts'
import { eventsIn, FakeWriter, harness, header, query } from './testing/recorder-parts'

/**
 * Random schedules of commands, some of them held, of what people, the store and the client do about those, and of what the disk does:
 * looked at whenever a byte goes to a target.
 */
const OUTCOMES: Readonly<Record<string, ReviewOutcome>> = {
  approve: approved(),
  reject: { state: 'rejected', reason: 'no' },
  expire: { state: 'expired' },
  cancel: { state: 'cancelled', reason: 'the connection changed' },
}
const who = fc.nat(1)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('held', 'plain', 'plain'), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('approve', 'approve', ...Object.keys(OUTCOMES)), who }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('turn', 'synced', 'turn', 'tick'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('withdraw', 'away', 'back', 'used', 'used'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('end'), who }) },
)

interface Peer extends HoldHarness {
  readonly recorded: RecordedSession
  readonly upstream: FakeWriter
  readonly asked: { readonly text: string; ruled: boolean }[]
  readonly allowed: string[]
}

class Schedule {
  readonly parts = harness()
  readonly peers: Peer[] = []
  readonly faults: unknown[] = []
  #count = 0

  async open(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const held = holdHarness()
      const upstream = new FakeWriter()
      const recorded = await this.parts.recorder.open({
        header: header(`ses_0000000000000000000${i}`),
        recording: 'standard',
        client: new FakeWriter().asSocket(),
        decide: held.policies.decide,
        hold: held.hold,
      })
      recorded.attach(upstream)
      const peer: Peer = { ...held, recorded, upstream, asked: [], allowed: [] }
      upstream.onWrite = (bytes) => {
        try {
          this.#checkSent(peer, Buffer.from(bytes).toString())
        } catch (fault) {
          this.faults.push(fault)
        }
      }
      this.peers.push(peer)
    }
    this.parts.disk.autoSync = false
  }

  async step({ do: what, who }: { readonly do: string; readonly who: number }): Promise<void> {
    const peer = this.peers[who]
    if (peer === undefined) return
    const { holds, recorded } = peer
    const outcome = OUTCOMES[what]
    if (outcome !== undefined && holds.reviews.size > 0) holds.decide(holds.last, outcome)
    else if (what === 'held' || what === 'plain') this.#command(peer, `${what}-${this.#count++}`)
    else if (what === 'withdraw') recorded.gate.withdraw('client-gone')
    else if (what === 'end') recorded.end('idle', { kind: 'unavailable', reason: 'idle' })
    else if (what === 'away') holds.away = new Error('away')
    else if (what === 'back') holds.away = null
    else if (what === 'tick') holds.tick()
    else if (what === 'synced') this.parts.disk.finishSync()
    else if (what === 'used') {
      const review = holds.reviews.get(holds.last)
      if (review) review.claimedBy ??= 'somebody else'
      if (review) holds.decide(holds.last, approved())
    }
    await new Promise<void>((resolve) => void setImmediate(resolve))
  }

  #command(peer: Peer, text: string): void {
    const asked = { text, ruled: false }
    peer.asked.push(asked)
    void Promise.resolve(peer.recorded.gate.decide(query(text, 'write'), () => undefined)).then((ruling) => {
      asked.ruled = true
      if (ruling.effect !== 'allow') return
      peer.allowed.push(text)
      void peer.recorded.gate.dispatch([ruling.permit], Buffer.from(text))
    })
  }

  #checkSent({ asked, holds, upstream, recorded }: Peer, text: string): void {
    expect(upstream.written.filter((sent) => sent === text)).toHaveLength(1)
    const place = asked.findIndex((one) => one.text === text)
    expect(
      asked.slice(0, place).every(({ ruled }) => ruled),
      `${text} overtook what was asked before`,
    ).toBe(true)
    expect(recorded.gate.ending).toBeNull()
    if (!text.startsWith('held')) return
    const review = [...holds.reviews.values()].find(({ request }) => request.subject.text === text)
    expect(review?.outcome?.state, `${text} was sent without an approval`).toBe('approved')
    expect(review?.claimedBy, `${text} was sent without a claim of its own`).toContain(
      `${recorded.gate.sessionId} ${review?.request.op} `,
    )
    const safe = eventsIn(this.parts.disk.synced, recorded.gate.sessionId).some(
      (event) =>
        event.kind === 'operation.reviewed' &&
        event.op === review?.request.op &&
        event.decision.effect === 'allow' &&
        event.outcome === 'approved',
    )
    expect(safe, `${text} was sent before its approval was safe`).toBe(true)
  }
}

describe('a held operation', () => {
  it('reaches its target at most once, approved, claimed and recorded, and nothing behind it before its ruling', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 70 }), async (steps) => {
        const schedule = new Schedule()
        await schedule.open()
        for (const one of steps) await schedule.step(one)
        expect(schedule.faults).toEqual([])
        for (const { upstream, allowed } of schedule.peers)
          expect(upstream.written).toEqual(allowed.slice(0, upstream.written.length))
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})
