import { describe, expect, it, vi } from 'vitest'
import { sealSubject } from '#lib/crypto/review-digest'
import { LIMITS } from '#lib/domain/limits'
import type { RowEstimate } from '#lib/domain/review'
import { denialOf, done, END, heldSession } from './testing/held-session'
import { approval, approved, demand, holding, reviewId } from './testing/hold-parts'
import { framesIn, query, turns } from './testing/recorder-parts'

describe('a held operation', () => {
  it('is recorded and asked for, its client told, and sent once it was approved, claimed and recorded as such', async () => {
    const { parts, holds, run, notices, upstream, events, kinds, recorded } = await heldSession()
    const ruling = run()
    await turns()
    expect(notices).toEqual([{ review: holds.last, url: `http://portal/inbox/${holds.last}` }])
    expect(kinds()).toEqual(['open', 'intent', 'held'])
    expect([upstream.written, holds.said]).toEqual([[], ['open held']])
    parts.time.nowMs += 4_000
    holds.decide(holds.last, approved())
    expect((await ruling).effect).toBe('allow')
    await recorded.close(END)
    expect(upstream.written).toEqual(['held'])
    expect(holds.said).toEqual(['open held', `claim ${holds.last}`])
    expect(events()).toMatchObject([
      {},
      { kind: 'operation.intent', op: 1, decision: { effect: 'hold', policy: 'no-drop' }, policies: 1 },
      { kind: 'operation.held', op: 1, review: holds.last, mode: 'wait', demands: [{ group: 'dbas' }] },
      {
        kind: 'operation.reviewed',
        op: 1,
        review: holds.last,
        outcome: 'approved',
        approvals: [{ principal: { name: 'Dana' }, groups: ['dbas'] }],
        scope: { kind: 'once' },
        decision: { effect: 'allow' },
        policies: 1,
        waitedMs: 4_000,
      },
      { kind: 'operation.outcome', op: 1, status: 'ok' },
      { kind: 'session.close' },
    ])
  })

  it('is asked for with all that an approval is bound to, and the digest of it is on record', async () => {
    const { holds, decide, events } = await heldSession()
    const state = { searchPath: ['app'], role: 'app', sessionRole: 'app' }
    void decide({ ...query('held $1', 'write'), binds: ['a', new Uint8Array([1]), null], maxRows: 5, state })
    await turns()
    const request = holds.reviews.get(holds.last)?.request
    expect(request?.subject).toEqual({
      v: 1,
      principal: 'pri_a',
      human: 'pri_b',
      run: null,
      connection: { id: 'con_a', version: 3 },
      database: 'shop',
      type: 'query',
      text: 'held $1',
      binds: [{ text: 'a' }, { base64: 'AQ==' }, null],
      maxRows: 5,
      state,
    })
    const digest = request && sealSubject(request.subject).digest.toString('hex')
    expect(events().find(({ kind }) => kind === 'operation.held')).toMatchObject({ digest })
  })

  it('is not asked for before its intent survives power loss, and not sent before its approval does', async () => {
    const { parts, holds, decide, gate, upstream } = await heldSession()
    parts.disk.autoSync = false
    const asked = decide()
    await turns()
    expect(holds.said).toEqual([])
    parts.disk.finishSync()
    await turns()
    expect(holds.said).toEqual(['open held'])
    holds.decide(holds.last, approved())
    const ruling = await asked
    if (ruling.effect !== 'allow') throw new Error('refused')
    void gate.dispatch([ruling.permit], Buffer.from('held'))
    await turns()
    expect(upstream.written).toEqual([])
    while (parts.disk.pending.length > 0) {
      parts.disk.finishSync()
      await turns()
    }
    const safe = framesIn(parts.disk.synced).some(
      (frame) => frame.type === 'event' && frame.line.includes('"operation.reviewed"'),
    )
    expect([upstream.written, safe]).toEqual([['held'], true])
  })

  it('of a strict session waits for the store at both ends', async () => {
    const { parts, holds, decide, gate, upstream } = await heldSession({ strict: true })
    parts.shipper.auto = false
    const asked = decide()
    await turns()
    expect(holds.said).toEqual([])
    parts.shipper.commit()
    await turns()
    holds.decide(holds.last, approved())
    const ruling = await asked
    if (ruling.effect !== 'allow') throw new Error('refused')
    void gate.dispatch([ruling.permit], Buffer.from('held'))
    await turns()
    expect(upstream.written).toEqual([])
    parts.shipper.auto = true
    parts.shipper.commit()
    await turns()
    expect(upstream.written).toEqual(['held'])
  })

  it('lets nothing behind it be judged before it', async () => {
    const { holds, policies, decide, upstream, kinds } = await heldSession()
    const judged: string[] = []
    const { judge } = policies
    policies.judge = (operation, approvedBy) => {
      judged.push(operation.text)
      return judge(operation, approvedBy)
    }
    const rulings = [decide(query('held')), decide(query('behind')), decide(query('last'))]
    await turns()
    expect([judged, kinds()]).toEqual([['held'], ['open', 'intent', 'held']])
    holds.decide(holds.last, { state: 'rejected', reason: 'no' })
    const known = await Promise.all(rulings.map(async (ruling) => ruling))
    expect(known.map(({ effect }) => effect)).toEqual(['deny', 'allow', 'allow'])
    expect(judged).toEqual(['held', 'behind', 'last'])
    expect(upstream.written).toEqual([])
  })

  it('does not count as running, nor its session as idle', async () => {
    const { parts, recorded, holds, decide } = await heldSession()
    const ruling = decide()
    await turns()
    parts.time.nowMs += 5_000_000
    expect(recorded.activity()).toEqual({ running: false, lastAtMs: parts.time.nowMs })
    holds.decide(holds.last, approved())
    await ruling
    expect(recorded.activity()).toMatchObject({ running: true })
  })

  it('takes time from its release on', async () => {
    const { parts, holds, decide, gate, recorded, events } = await heldSession()
    const asked = decide()
    await turns()
    parts.time.nowMs += 60_000
    holds.decide(holds.last, approved())
    const ruling = await asked
    if (ruling.effect !== 'allow') throw new Error('refused')
    parts.time.nowMs += 2
    gate.settle(ruling.permit, done)
    await recorded.close(END)
    expect(events().find(({ kind }) => kind === 'operation.outcome')).toMatchObject({ durationUs: 2_000 })
  })
})

describe('what cannot be held is denied', () => {
  it('in a protocol without the capability, and where nobody would be told', async () => {
    const without = await heldSession({ canHold: false })
    expect(denialOf(await without.decide())).toMatchObject({ kind: 'denied', policy: 'no-drop' })
    const { gate, holds, kinds } = await heldSession()
    const denial = denialOf(await gate.decide(query('held', 'write')))
    expect(denial).toMatchObject({
      kind: 'denied',
      policy: 'no-drop',
      reason: 'DROP needs an approval; it must be approved, but nobody can be asked here',
    })
    await turns()
    expect([holds.said, kinds()]).toEqual([[], ['open', 'intent', 'outcome']])
  })

  it('when no policy says who must approve', async () => {
    const { policies, decide, holds } = await heldSession()
    for (const demands of [undefined, []]) {
      policies.judge = () => ({ decision: { effect: 'hold', policy: 'p', reason: 'r' }, ...(demands && { demands }) })
      expect(denialOf(await decide())).toEqual({ kind: 'denied', policy: 'p', reason: 'r' })
    }
    expect(holds.said).toEqual([])
  })

  it.each([
    [-1, 'allow'],
    [0, 'allow'],
    [1, 'deny'],
  ])('when text and values have %i bytes more than can be approved: %s', async (beyond, effect) => {
    const { holds, run } = await heldSession()
    const text = 'held é'
    const value = 'x'.repeat(LIMITS.approvableBytes + beyond - Buffer.byteLength(text) - 16)
    const ruling = run({ ...query(text, 'write'), binds: [value, new Uint8Array(12)] })
    // Binary values are shown as base64. Long ones are packed outside the event loop.
    if (effect === 'allow') {
      await vi.waitFor(() => expect(holds.reviews.size).toBe(1))
      holds.decide(holds.last, approved())
    }
    expect((await ruling).effect).toBe(effect)
    if (effect === 'deny')
      expect(denialOf(await ruling)).toMatchObject({ reason: expect.stringContaining('not shown to anybody') })
  })

  it('when the store takes no review, or is away', async () => {
    const { holds, run, kinds, upstream } = await heldSession()
    holds.answer = () => ({ state: 'refused', reason: 'five are pending already' })
    expect(denialOf(await run())).toEqual({ kind: 'denied', policy: 'review', reason: 'five are pending already' })
    holds.answer = null
    holds.away = new Error('ECONNREFUSED')
    expect(denialOf(await run())).toMatchObject({ kind: 'unavailable' })
    await turns()
    expect([kinds(), upstream.written]).toEqual([['open', 'intent', 'outcome', 'intent', 'outcome'], []])
  })
})

describe('a review that ends without an approval', () => {
  it.each([
    [
      { state: 'rejected', reason: 'not in business hours' },
      { kind: 'rejected', reason: 'not in business hours' },
    ],
    [{ state: 'expired' }, { kind: 'expired' }],
    [
      { state: 'cancelled', reason: 'the connection changed' },
      { kind: 'denied', policy: 'no-drop', reason: 'its review was closed: the connection changed' },
    ],
  ] as const)('refuses the operation: %j', async (outcome, denial) => {
    const { holds, run, upstream, recorded, events, policies } = await heldSession()
    const ruling = run()
    await turns()
    holds.decide(holds.last, outcome)
    expect(denialOf(await ruling)).toMatchObject(denial)
    expect((await run(query('next', 'write'))).effect).toBe('allow')
    await recorded.close(END)
    expect(upstream.written).toEqual(['next'])
    expect(events().filter((event) => 'op' in event && event.op === 1)).toMatchObject([
      { kind: 'operation.intent' },
      { kind: 'operation.held' },
      { kind: 'operation.reviewed', outcome: outcome.state, approvals: [], decision: { effect: 'deny' } },
      { kind: 'operation.outcome', status: 'refused' },
    ])
    expect([holds.said.some((said) => said.startsWith('claim')), policies.listeners]).toEqual([false, 0])
  })
})

describe('an approval', () => {
  it('counts only as far as the groups and the number of humans that were asked for', async () => {
    const { holds, policies, run } = await heldSession()
    const cases = [
      [approved(approval('pri_x', 'others'), approval('pri_y', 'others')), 'deny'],
      [approved(approval('pri_x')), 'deny'],
      [approved(approval('pri_x'), approval('pri_x')), 'deny'],
      [approved(approval('pri_x'), approval('pri_y')), 'allow'],
    ] as const
    policies.judge = holding(() => policies.version, demand('dbas', 2))
    for (const [outcome, effect] of cases) {
      const ruling = run()
      await turns()
      holds.decide(holds.last, outcome)
      expect((await ruling).effect).toBe(effect)
    }
  })

  it('of the human behind the requester counts for nothing, whatever the store says', async () => {
    const { holds, run, upstream } = await heldSession()
    const ruling = run()
    await turns()
    holds.decide(holds.last, approved(approval('pri_b')))
    expect(denialOf(await ruling)).toMatchObject({ kind: 'denied', policy: 'no-drop' })
    expect([upstream.written, holds.said]).toEqual([[], ['open held']])
  })

  it('lets nothing through that the newest policies deny, with it or at all', async () => {
    const { holds, policies, run, upstream, events } = await heldSession()
    const ruling = run()
    await turns()
    policies.found = () => {
      policies.version = 7
      policies.judge = () => ({ decision: { effect: 'deny', policy: 'frozen', reason: 'no changes' }, policies: 7 })
    }
    holds.decide(holds.last, approved())
    expect(denialOf(await ruling)).toEqual({ kind: 'denied', policy: 'frozen', reason: 'no changes' })
    await turns()
    expect([upstream.written, holds.said]).toEqual([[], ['open held']])
    expect(events().at(-2)).toMatchObject({ outcome: 'approved', decision: { effect: 'deny' }, policies: 7 })
  })

  it('that lifts nothing is not asked for again under the same policies', async () => {
    const { holds, policies, run } = await heldSession()
    policies.judge = () => ({
      decision: { effect: 'hold', policy: 'p', reason: 'r' },
      demands: [demand()],
      policies: policies.version,
    })
    const ruling = run()
    await turns()
    holds.decide(holds.last, approved())
    expect(denialOf(await ruling)).toMatchObject({ kind: 'denied', policy: 'p' })
    expect(holds.said).toEqual(['open held'])
  })

  it('whose policies cannot be judged any more lets nothing through', async () => {
    const { holds, policies, run } = await heldSession()
    for (const judge of [() => Promise.reject(new Error('x')), () => Promise.reject(new Error('y'))]) {
      policies.judge = holding(() => policies.version, demand())
      const ruling = run()
      await turns()
      policies.judge = judge
      holds.decide(holds.last, approved())
      expect((await ruling).effect).toBe('deny')
    }
  })

  it('that was used elsewhere, or is too late, lets nothing through', async () => {
    const { holds, run, upstream } = await heldSession()
    const ruling = run()
    await turns()
    const review = holds.reviews.get(holds.last)
    if (review) review.claimedBy = 'somebody else'
    holds.decide(holds.last, approved())
    expect(denialOf(await ruling)).toMatchObject({
      kind: 'denied',
      reason: 'its review was closed: it was used already',
    })
    expect(upstream.written).toEqual([])
  })

  it('while the store is away is used when it is back, once', async () => {
    const { holds, policies, run, upstream } = await heldSession()
    const ruling = run()
    await turns()
    policies.away = new Error('away')
    holds.decide(holds.last, approved())
    await turns()
    expect(holds.said).toEqual(['open held'])
    policies.away = null
    holds.away = new Error('away')
    holds.tick()
    await turns()
    expect([upstream.written, holds.said]).toEqual([[], ['open held', `claim ${holds.last}`]])
    holds.away = null
    holds.tick()
    expect((await ruling).effect).toBe('allow')
    await turns()
    expect(upstream.written).toEqual(['held'])
  })

  it('is not waited for beyond its time when the store stays away', async () => {
    const { parts, holds, run, upstream } = await heldSession()
    const ruling = run()
    await turns()
    holds.away = new Error('away')
    holds.decide(holds.last, approved())
    await turns()
    parts.time.nowMs += 900_000
    holds.tick()
    expect(denialOf(await ruling)).toMatchObject({ kind: 'unavailable' })
    expect(upstream.written).toEqual([])
  })

  it('is not used up while nothing can be recorded', async () => {
    const { parts, holds, run, upstream } = await heldSession()
    parts.shipper.auto = false
    const ruling = run()
    await turns()
    parts.shipper.reports?.store(false)
    parts.time.nowMs += 61_000
    holds.decide(holds.last, approved())
    await turns()
    expect([upstream.written, holds.said]).toEqual([[], ['open held']])
    parts.shipper.reports?.store(true)
    parts.shipper.auto = true
    parts.shipper.commit()
    holds.tick()
    await turns()
    holds.tick()
    expect((await ruling).effect).toBe('allow')
  })
})

describe('an estimate', () => {
  it('is asked for once the review exists, and whatever becomes of it holds up nothing', async () => {
    const { holds, decide } = await heldSession()
    let asked = 0
    const estimate = (rows: () => Promise<RowEstimate | null>) => () => {
      asked += 1
      expect(holds.said.at(-1)).toMatch(/^open/)
      return rows()
    }
    const rows = [
      async () => ({ rows: 12, of: null }),
      async () => null,
      () => Promise.reject(new Error('EXPLAIN failed')),
    ]
    for (const guess of rows) {
      const ruling = decide({ ...query('held', 'write'), estimate: estimate(guess) })
      await turns()
      holds.decide(holds.last, { state: 'rejected', reason: 'no' })
      await ruling
    }
    expect(asked).toBe(3)
    expect(holds.said.filter((said) => said.startsWith('estimate'))).toEqual([`estimate ${reviewId(1)} 12`])
  })
})
