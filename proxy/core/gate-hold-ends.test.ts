import { describe, expect, it } from 'vitest'
import type { ReviewOutcome } from './hold-ports'
import { denialOf, END, heldSession } from './testing/held-session'
import { approval, approved, demand, holding, reviewId } from './testing/hold-parts'
import { query, turns } from './testing/recorder-parts'

const rejected: ReviewOutcome = { state: 'rejected', reason: 'no' }

describe('a held operation that is given up', () => {
  it('closes its review, is settled as cancelled, and lets the next one be judged', async () => {
    const { gate, holds, run, upstream, recorded, events } = await heldSession()
    const ruling = run()
    await turns()
    gate.withdraw('by-requester')
    expect(denialOf(await ruling)).toEqual({ kind: 'denied', policy: 'sallyport', reason: 'it was taken back' })
    holds.decide(holds.last, approved())
    expect((await run(query('next', 'write'))).effect).toBe('allow')
    await recorded.close(END)
    expect(holds.said).toEqual(['open held', `abandon ${holds.last}: by-requester`])
    expect(upstream.written).toEqual(['next'])
    expect(events().filter((event) => 'op' in event && event.op === 1)).toMatchObject([
      { kind: 'operation.intent' },
      { kind: 'operation.held' },
      { kind: 'operation.reviewed', outcome: 'cancelled', decision: { effect: 'deny' } },
      { kind: 'operation.outcome', status: 'cancelled' },
    ])
  })

  it('before its review is open closes that as soon as it is', async () => {
    const { gate, holds, run, kinds, notices } = await heldSession()
    let answer = () => {}
    const waiting = new Promise<void>((resolve) => {
      answer = resolve
    })
    holds.answer = async () => {
      await waiting
      return { state: 'pending', review: reviewId(9), url: 'http://portal' }
    }
    const ruling = run()
    await turns()
    gate.withdraw('client-gone')
    expect((await ruling).effect).toBe('deny')
    answer()
    await turns()
    expect(holds.said).toEqual(['open held', `abandon ${reviewId(9)}: client-gone`])
    expect([notices, kinds()]).toEqual([[], ['open', 'intent', 'outcome']])
  })

  it('while its approval is being used up is not sent, and the record says that it was approved', async () => {
    const { gate, holds, run, upstream, recorded, events } = await heldSession()
    let claim = () => {}
    holds.claiming = new Promise((resolve) => {
      claim = resolve
    })
    const ruling = run()
    await turns()
    holds.decide(holds.last, approved())
    await turns()
    expect(holds.said.at(-1)).toMatch(/^claim/)
    gate.withdraw('client-gone')
    claim()
    expect((await ruling).effect).toBe('deny')
    await recorded.close(END)
    expect(upstream.written).toEqual([])
    expect(events().find(({ kind }) => kind === 'operation.reviewed')).toMatchObject({
      outcome: 'approved',
      decision: { effect: 'deny', reason: 'the client went away' },
    })
  })

  it('in the moment after its approval was used up, and before it was released, is not sent', async () => {
    for (let ticks = 0; ticks < 30; ticks++) {
      const { gate, holds, decide, recorded } = await heldSession()
      const asked = decide()
      await turns()
      holds.decide(holds.last, approved())
      for (let i = 0; i < ticks; i++) await Promise.resolve()
      const released = recorded.activity().running
      gate.withdraw('client-gone')
      expect([ticks, (await asked).effect]).toEqual([ticks, released ? 'allow' : 'deny'])
    }
  })

  it('is nothing that happens when nothing is held', async () => {
    const { gate, holds, run } = await heldSession()
    gate.withdraw('client-gone')
    expect((await run(query('fine', 'write'))).effect).toBe('allow')
    expect(holds.said).toEqual([])
  })

  it('because telling its client fails is refused, and its review closed', async () => {
    const { gate, holds } = await heldSession()
    const ruling = gate.decide(query('held', 'write'), () => {
      throw new Error('socket closed')
    })
    expect((await ruling).effect).toBe('deny')
    expect(holds.said.at(-1)).toMatch(/^abandon/)
  })
})

describe('a session that ends while it holds', () => {
  it.each(['ended', 'closed'] as const)('closes the review, before its own end, and sends nothing: %s', async (how) => {
    const { gate, holds, run, upstream, recorded, kinds, events, policies } = await heldSession()
    const ruling = run()
    await turns()
    if (how === 'ended') recorded.end('gateway-stopped', { kind: 'unavailable', reason: 'restarting' })
    const closed = recorded.close(END)
    holds.decide(holds.last, approved())
    expect((await ruling).effect).toBe('deny')
    await closed
    expect(holds.said).toEqual(['open held', expect.stringMatching(/^abandon rev_.*session-ended/)])
    expect(kinds()).toEqual(['open', 'intent', 'held', 'reviewed', 'outcome', 'close'])
    expect(events().at(-2)).toMatchObject({ op: 1, status: 'skipped' })
    expect([upstream.written, gate.signal.aborted, policies.listeners]).toEqual([[], how === 'ended', 0])
  })

  it('because its disk fails closes the review in the store, too', async () => {
    const { parts, gate, holds, run, upstream } = await heldSession()
    const ruling = run()
    await turns()
    parts.disk.failAppends = new Error('ENOSPC')
    void gate.deliver(Buffer.from('never seen'))
    expect((await ruling).effect).toBe('deny')
    expect(holds.said.at(-1)).toMatch(/^abandon/)
    expect(upstream.written).toEqual([])
  })
})

describe('policies that change while an operation is held', () => {
  it('and still hold it for the same people change nothing', async () => {
    const { holds, policies, run, notices } = await heldSession()
    const ruling = run()
    await turns()
    policies.change(holding(() => policies.version, { ...demand(), reason: 'in other words' }))
    await turns()
    expect([holds.said, notices.length]).toEqual([['open held'], 1])
    holds.decide(holds.last, approved())
    expect((await ruling).effect).toBe('allow')
  })

  it('and allow it cancel the review and let it go, which is on record before it is sent', async () => {
    const { holds, policies, run, upstream, events, recorded } = await heldSession()
    const ruling = run()
    await turns()
    policies.change(() => ({ decision: { effect: 'allow', policy: 'open', reason: '' }, policies: 2 }))
    expect((await ruling).effect).toBe('allow')
    await recorded.close(END)
    expect([holds.said, upstream.written]).toEqual([['open held', `cancel ${holds.last}`], ['held']])
    expect(events().find(({ kind }) => kind === 'operation.reviewed')).toMatchObject({
      outcome: 'cancelled',
      reason: 'the policies changed',
      decision: { effect: 'allow', policy: 'open' },
      policies: 2,
    })
  })

  it('and allow it count for nothing once somebody has rejected it', async () => {
    const { holds, policies, run, upstream } = await heldSession()
    const ruling = run()
    await turns()
    const review = holds.reviews.get(holds.last)
    if (review) review.outcome = rejected
    policies.change(() => ({ decision: { effect: 'allow', policy: 'open', reason: '' }, policies: 2 }))
    expect(denialOf(await ruling)).toMatchObject({ kind: 'rejected' })
    expect(upstream.written).toEqual([])
  })

  it('and deny it refuse it at once', async () => {
    const { holds, policies, run, upstream } = await heldSession()
    const ruling = run()
    await turns()
    policies.change(() => ({ decision: { effect: 'deny', policy: 'frozen', reason: 'no changes' }, policies: 2 }))
    expect(denialOf(await ruling)).toEqual({ kind: 'denied', policy: 'frozen', reason: 'no changes' })
    expect([holds.said.at(-1), upstream.written]).toEqual([`cancel ${holds.last}`, []])
  })

  it('and demand others make it another review, of which the client is told', async () => {
    const { holds, policies, run, notices, kinds, upstream } = await heldSession()
    const ruling = run()
    await turns()
    policies.change(holding(() => policies.version, demand('security', 1, 'stricter')))
    await turns()
    expect(notices.map(({ review }) => review)).toEqual([reviewId(1), reviewId(2)])
    expect(kinds()).toEqual(['open', 'intent', 'held', 'reviewed', 'held'])
    holds.decide(reviewId(2), approved(approval('pri_s', 'security')))
    expect((await ruling).effect).toBe('allow')
    await turns()
    expect(upstream.written).toEqual(['held'])
    expect(holds.reviews.get(reviewId(1))?.outcome?.state).toBe('cancelled')
  })

  it('between the approval and its use make it another review under the new demands', async () => {
    const { holds, policies, run, notices } = await heldSession()
    const ruling = run()
    await turns()
    policies.found = () => {
      policies.version = 2
      policies.judge = holding(() => 2, demand(), demand('security'))
    }
    holds.decide(reviewId(1), approved())
    await turns()
    expect(notices.map(({ review }) => review)).toEqual([reviewId(1), reviewId(2)])
    expect(holds.reviews.get(reviewId(2))?.request.demands.map(({ group }) => group)).toEqual(['dbas', 'security'])
    expect(holds.said.filter((said) => said.startsWith('claim'))).toEqual([])
    holds.decide(reviewId(2), rejected)
    expect(denialOf(await ruling)).toMatchObject({ kind: 'rejected', review: reviewId(2) })
  })

  it('before its review was open are noticed', async () => {
    const { holds, policies, run } = await heldSession()
    holds.answer = () => {
      holds.answer = null
      policies.version = 2
      policies.judge = () => ({ decision: { effect: 'deny', policy: 'frozen', reason: 'r' }, policies: 2 })
      return holds.open({ ...request, subject: { ...request.subject, text: 'again' } })
    }
    const request = { subject: { text: '' }, demands: [demand()] } as never as Parameters<typeof holds.open>[0]
    expect(denialOf(await run())).toMatchObject({ kind: 'denied', policy: 'frozen' })
  })

  it('again and again do not ask people for ever', async () => {
    const { holds, policies, run } = await heldSession()
    const ruling = run()
    for (let i = 0; i < 8; i++) {
      await turns()
      policies.change(holding(() => policies.version, demand(`group-${i}`)))
    }
    expect(denialOf(await ruling)).toMatchObject({ kind: 'denied', policy: 'sallyport' })
    expect(holds.said.filter((said) => said.startsWith('open'))).toHaveLength(5)
  })

  it('while the store is away are acted upon when it is back', async () => {
    const { holds, policies, run } = await heldSession()
    const ruling = run()
    await turns()
    holds.away = new Error('away')
    policies.change(() => ({ decision: { effect: 'deny', policy: 'frozen', reason: 'r' }, policies: 2 }))
    await turns()
    holds.away = null
    holds.tick()
    expect(denialOf(await ruling)).toMatchObject({ kind: 'denied', policy: 'frozen' })
  })
})

describe('in ticket mode', () => {
  it('a held operation is denied as pending at once, and its review stays open', async () => {
    const { holds, run, upstream, kinds, recorded, notices } = await heldSession({ mode: 'ticket' })
    const ruling = await run()
    const url = `http://portal/inbox/${holds.last}`
    expect(denialOf(ruling)).toEqual({ kind: 'pending', review: holds.last, url })
    await recorded.close(END)
    expect(kinds()).toEqual(['open', 'intent', 'held', 'outcome', 'close'])
    expect([holds.said, upstream.written, notices]).toEqual([['open held'], [], []])
  })

  it('the same again uses an approval up, and is then asked for anew', async () => {
    const { holds, run, upstream, kinds } = await heldSession({ mode: 'ticket' })
    await run()
    const first = holds.last
    holds.decide(first, approved())
    holds.answer = () => ({ state: 'decided', review: first, url: '', outcome: approved() })
    expect((await run()).effect).toBe('allow')
    expect([holds.said.at(-1), upstream.written]).toEqual([`claim ${first}`, ['held']])
    expect(denialOf(await run())).toMatchObject({ kind: 'denied', reason: expect.stringContaining('used already') })
    await turns()
    expect(upstream.written).toEqual(['held'])
    expect(kinds().filter((kind) => kind === 'reviewed')).toHaveLength(2)
  })

  it('the same again is told how its review ended', async () => {
    const { holds, run } = await heldSession({ mode: 'ticket' })
    holds.answer = () => ({ state: 'decided', review: reviewId(1), url: '', outcome: rejected })
    expect(denialOf(await run())).toEqual({ kind: 'rejected', review: reviewId(1), reason: 'no' })
  })

  it('nobody is kept waiting for a store that is away', async () => {
    const { holds, policies, run } = await heldSession({ mode: 'ticket' })
    holds.answer = () => ({ state: 'decided', review: reviewId(1), url: '', outcome: approved() })
    policies.away = new Error('away')
    expect(denialOf(await run())).toMatchObject({ kind: 'unavailable' })
  })
})

describe('a grant', () => {
  const scope = { kind: 'minutes', minutes: 30 } as const

  it('lets the operation go without a claim, and the record says by which review', async () => {
    const { holds, run, upstream, events, notices } = await heldSession()
    holds.answer = () => ({ state: 'granted', review: reviewId(3), url: '', outcome: { ...approved(), scope } })
    expect((await run()).effect).toBe('allow')
    expect([holds.said, upstream.written, notices]).toEqual([['open held'], ['held'], []])
    expect(events().find(({ kind }) => kind === 'operation.reviewed')).toMatchObject({
      review: reviewId(3),
      scope,
      decision: { effect: 'allow' },
    })
  })

  it('that does not lift what holds it lets nothing go', async () => {
    const { holds, run, upstream } = await heldSession()
    const approvals = [{ principal: { id: 'pri_d', name: 'Dana' }, groups: ['others'] }] as const
    holds.answer = () => ({
      state: 'granted',
      review: reviewId(3),
      url: '',
      outcome: { ...approved(), approvals, scope },
    })
    expect((await run()).effect).toBe('deny')
    expect(upstream.written).toEqual([])
  })
})

describe('a refusal while another operation’s rows are on their way', () => {
  it('leaves every byte to the one that is under way', async () => {
    const { policies, gate, recorded, events } = await heldSession()
    policies.judge = ({ text }) => ({
      decision: { effect: text === 'no' ? 'deny' : 'allow', policy: 'p', reason: '' },
      policies: 1,
    })
    const first = await gate.decide(query('rows', 'read'))
    if (first.effect !== 'allow') throw new Error('refused')
    void gate.deliver(Buffer.from('row 1'))
    void gate.stream(first.permit, Buffer.from('data 1'))
    expect((await gate.decide(query('no', 'write'))).effect).toBe('deny')
    void gate.deliver(Buffer.from('row 2'))
    void gate.stream(first.permit, Buffer.from('data 2'))
    gate.settle(first.permit, { status: 'ok', rows: 2, statements: [] })
    await recorded.close(END)
    const outcomes = events().filter(({ kind }) => kind === 'operation.outcome')
    expect(outcomes).toMatchObject([
      { op: 2, status: 'refused', out: [0, 0] },
      { op: 1, status: 'ok', out: [0, 10], in: [0, 12] },
    ])
    expect(outcomes[0]).not.toHaveProperty('in')
  })

  it('that was held leaves them, too; alone it has what its client was told', async () => {
    const { holds, gate, decide, recorded, events } = await heldSession()
    const first = await gate.decide(query('rows', 'read'))
    if (first.effect !== 'allow') throw new Error('refused')
    void gate.deliver(Buffer.from('row 1'))
    const refused = decide()
    await turns()
    holds.decide(holds.last, rejected)
    await refused
    void gate.deliver(Buffer.from('row 2'))
    gate.settle(first.permit, { status: 'ok', rows: 2, statements: [] })
    const alone = gate.decide(query('held', 'write'), () => void gate.deliver(Buffer.from('NOTICE')))
    await turns()
    holds.decide(holds.last, rejected)
    await alone
    await recorded.close(END)
    expect(events().filter(({ kind }) => kind === 'operation.outcome')).toMatchObject([
      { op: 2, out: [0, 0] },
      { op: 1, out: [0, 10] },
      { op: 3, out: [10, 16] },
    ])
  })
})
