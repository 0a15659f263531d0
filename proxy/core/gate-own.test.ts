import { describe, expect, it } from 'vitest'
import { SallyportError } from '#lib/domain/errors'
import { done, END, heldSession } from './testing/held-session'
import { approved } from './testing/hold-parts'
import { query, turns } from './testing/recorder-parts'

describe("the gateway's own operation", () => {
  it('is recorded as its own, judged by no policy and sent behind its record', async () => {
    const { policies, gate, upstream, events, recorded } = await heldSession()
    policies.judge = () => ({ decision: { effect: 'deny', policy: 'p', reason: 'no' } })
    const permit = gate.own(query('SHOW role'))
    if (permit === null) throw new Error('refused')
    void gate.dispatch([permit], Buffer.from('asked'))
    expect(upstream.written).toEqual([])
    await turns()
    expect(upstream.written).toEqual(['asked'])
    gate.settle(permit, done)
    await recorded.close(END)
    expect(events().slice(1, 3)).toMatchObject([
      { kind: 'operation.intent', op: 1, own: true, decision: { effect: 'allow', policy: 'sallyport' } },
      { kind: 'operation.outcome', op: 1, status: 'ok' },
    ])
  })

  it('does not wait behind what is held', async () => {
    const { decide, gate } = await heldSession()
    void decide()
    await turns()
    expect(gate.own(query('SHOW role'))).not.toBeNull()
  })

  it('takes nothing of what the client gets for another operation', async () => {
    const { decide, gate, events, recorded } = await heldSession()
    const ruling = await decide(query('select'))
    if (ruling.effect !== 'allow') throw new Error('refused')
    void gate.dispatch([ruling.permit], Buffer.from('select'))
    void gate.deliver(Buffer.from('rows '))
    const own = gate.own(query('EXPLAIN'))
    if (own === null) throw new Error('refused')
    gate.settle(own, done)
    void gate.deliver(Buffer.from('more rows'))
    gate.settle(ruling.permit, done)
    await recorded.close(END)
    expect(events().filter(({ kind }) => kind === 'operation.outcome')).toMatchObject([
      { op: 2, out: [0, 0] },
      { op: 1, out: [0, 14] },
    ])
  })

  it('that goes another way is told when its intent survives power loss', async () => {
    const { parts, gate } = await heldSession()
    parts.disk.autoSync = false
    const own = gate.own(query('EXPLAIN'))
    if (own === null) throw new Error('refused')
    let safe = false
    void gate.recorded(own).then(() => (safe = true))
    await turns()
    expect(safe).toBe(false)
    parts.disk.finishSync()
    await turns()
    expect(safe).toBe(true)
  })

  it('is not to be had once the session has ended, and what was recorded may not be sent any more', async () => {
    const { gate, recorded } = await heldSession()
    const own = gate.own(query('EXPLAIN'))
    if (own === null) throw new Error('refused')
    const safe = gate.recorded(own)
    recorded.end('ended-by-person', { kind: 'unavailable', reason: 'ended' })
    await expect(safe).rejects.toThrow(SallyportError)
    expect(gate.own(query('EXPLAIN'))).toBeNull()
  })
})

describe('an operation of which nothing runs yet', () => {
  it('is allowed where what runs it is held, and the record says so', async () => {
    const { decide, holds, events, recorded } = await heldSession()
    const ruling = await decide({ ...query('held', 'write'), type: 'prepare', deferred: true })
    expect([ruling.effect, holds.said]).toEqual(['allow', []])
    await recorded.close(END)
    expect(events()[1]).toMatchObject({ decision: { effect: 'allow', policy: 'no-drop' }, policies: 1 })
  })

  it('is denied where it is denied', async () => {
    const { decide, policies } = await heldSession()
    policies.judge = () => ({ decision: { effect: 'deny', policy: 'p', reason: 'no' } })
    expect((await decide({ ...query('x'), deferred: true })).effect).toBe('deny')
  })
})

describe('an operation that goes on with an approved one', () => {
  const execute = { ...query('held', 'write'), type: 'execute' } as const

  it('needs no second approval, nor does what goes on with it, and the record names the first', async () => {
    const { decide, holds, gate, events, recorded } = await heldSession()
    const first = decide(execute)
    await turns()
    holds.decide(holds.last, approved())
    const ruling = await first
    if (ruling.effect !== 'allow') throw new Error('refused')
    void gate.dispatch([ruling.permit], Buffer.from('held'))
    gate.settle(ruling.permit, { ...done, status: 'suspended' })
    const second = await decide({ ...execute, continues: ruling.permit })
    if (second.effect !== 'allow') throw new Error('refused')
    expect((await decide({ ...execute, continues: second.permit })).effect).toBe('allow')
    expect(holds.said.filter((said) => said.startsWith('open'))).toHaveLength(1)
    await recorded.close(END)
    expect(events().filter(({ kind }) => kind === 'operation.intent')).toMatchObject([
      { op: 1, decision: { effect: 'hold' } },
      { op: 2, continues: 1, decision: { effect: 'allow' } },
      { op: 3, continues: 2, decision: { effect: 'allow' } },
    ])
  })

  it('is judged by the policies of the moment all the same', async () => {
    const { decide, holds, policies } = await heldSession()
    const first = decide(execute)
    await turns()
    holds.decide(holds.last, approved())
    const ruling = await first
    if (ruling.effect !== 'allow') throw new Error('refused')
    policies.change(() => ({ decision: { effect: 'deny', policy: 'p', reason: 'no' } }))
    expect((await decide({ ...execute, continues: ruling.permit })).effect).toBe('deny')
  })

  it('is held itself where the first was allowed without approval', async () => {
    const { decide, holds } = await heldSession()
    const ruling = await decide(query('plain'))
    if (ruling.effect !== 'allow') throw new Error('refused')
    void decide({ ...execute, continues: ruling.permit })
    await turns()
    expect(holds.said).toEqual(['open held'])
  })

  it('of another session is a mistake of ours', async () => {
    const [one, other] = [await heldSession(), await heldSession()]
    const ruling = await one.decide(query('plain'))
    if (ruling.effect !== 'allow') throw new Error('refused')
    expect(() => other.decide({ ...execute, continues: ruling.permit })).toThrow('another session')
  })
})

describe('what would be allowed', () => {
  it('is told without a record and without a review', async () => {
    const { gate, holds, kinds } = await heldSession()
    expect([gate.allows(query('plain')), gate.allows(query('held'))]).toEqual([true, false])
    expect([kinds(), holds.said]).toEqual([['open'], []])
  })

  it('is nothing where a verdict takes time or fails', async () => {
    const { gate, policies } = await heldSession()
    policies.judge = async () => ({ decision: { effect: 'allow', policy: 'p', reason: '' } })
    expect(gate.allows(query('plain'))).toBe(false)
    policies.judge = () => {
      throw new Error('no')
    }
    expect(gate.allows(query('plain'))).toBe(false)
  })
})
