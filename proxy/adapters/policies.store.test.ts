import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { policyVersions } from '#lib/db/schema/policies'
import { createTestStore, type TestStore } from '#lib/db/testing/store'
import { LIMITS } from '#lib/domain/limits'
import type { PolicyDocument } from '#lib/domain/policy'
import type { Authorized, Operation, SessionHeader } from '../core/ports'
import { connection, identity, silentLog } from '../core/testing/fake-parts'
import { header } from '../core/testing/recorder-parts'
import { StorePolicies } from './policies'

let store: TestStore
beforeEach(async () => {
  store = await createTestStore()
})
afterEach(() => store.close())

const now = { ms: 0 }
const clock = { now: () => Date.now(), monotonicMs: () => now.ms }
const access = { identity, connection, database: null } as unknown as Authorized
const session: SessionHeader = header('ses_aaaaaaaaaaaaaaaaaaaa')
const insert: Operation = { type: 'query', text: 'x', effect: 'write', facts: null, state: null }
const PERMIT = 'permit (principal, action, resource);'
const HOLD = `${PERMIT}
@id("hold-all") @hold("dbas") @reason("ask first")
forbid (principal, action, resource) unless { context.approvedBy.contains("dbas") };`
const DENY = `@id("no") @reason("never") forbid (principal, action, resource);`

/** Another set is in force. */
async function inForce(...texts: readonly string[]): Promise<void> {
  const { db } = store.owner
  const version = (await db.select().from(policyVersions)).length + 1
  const documents: PolicyDocument[] = texts.map((text, i) => ({ name: `d${i}`, text }))
  await db
    .insert(policyVersions)
    .values({ version, documents, changes: [], changedBy: 'pri_0', changedByName: 'admin' })
}

async function loaded(...texts: readonly string[]) {
  await inForce(...texts)
  const policies = new StorePolicies({ db: store.proxy.db, clock, log: silentLog, limits: LIMITS })
  await policies.refresh()
  return { policies, decide: policies.decide(access, session) }
}

describe('the policies of a worker', () => {
  it('judge nothing before they are loaded', () => {
    const policies = new StorePolicies({ db: store.proxy.db, clock, log: silentLog, limits: LIMITS })
    expect(policies.decide(access, session)(insert)).toMatchObject({
      decision: { effect: 'deny' },
      denial: { kind: 'unavailable' },
    })
  })

  it('say what the newest set says, and a session hears of a new one with its next operation', async () => {
    const { policies, decide } = await loaded(PERMIT)
    expect(decide(insert)).toMatchObject({ decision: { effect: 'allow', policy: 'd0' }, policies: 1 })
    let told = 0
    const stop = policies.onChange(() => {
      told += 1
    })
    await inForce(PERMIT, DENY)
    await policies.keepFresh()
    expect(decide(insert)).toMatchObject({
      decision: { effect: 'deny', policy: 'no', reason: 'never' },
      policies: 2,
    })
    await policies.keepFresh()
    stop()
    await inForce(PERMIT)
    await policies.refresh()
    expect([told, policies.version]).toEqual([1, 3])
  })

  it('hold with who must approve, and let go with the approval', async () => {
    const { decide } = await loaded(HOLD)
    const held = decide(insert)
    expect(held).toMatchObject({
      decision: { effect: 'hold', policy: 'hold-all', reason: 'ask first' },
      demands: [{ policy: 'hold-all', group: 'dbas', quorum: 1 }],
    })
    expect(decide(insert, ['dbas'])).toMatchObject({ decision: { effect: 'allow' } })
    expect(decide(insert, ['others'])).toMatchObject({ decision: { effect: 'hold' } })
  })

  it('give the same verdict as the same object, so that its text is made once', async () => {
    const { decide } = await loaded(PERMIT)
    expect(decide(insert)).toBe(decide({ ...insert }))
  })

  it('deny everything where there are none', async () => {
    const policies = new StorePolicies({ db: store.proxy.db, clock, log: silentLog, limits: LIMITS })
    await policies.refresh()
    expect(policies.decide(access, session)(insert)).toMatchObject({ decision: { effect: 'deny', policy: 'default' } })
  })

  it('that cannot be loaded are not replaced by older ones: all is refused until they are mended', async () => {
    const { policies, decide } = await loaded(PERMIT)
    await inForce('permit (principal')
    await policies.keepFresh()
    expect(decide(insert)).toMatchObject({ denial: { kind: 'unavailable' } })
    await expect(policies.refresh()).rejects.toThrow()
    await inForce(PERMIT)
    await policies.keepFresh()
    expect(decide(insert)).toMatchObject({ decision: { effect: 'allow' }, policies: 3 })
  })

  it('go on while the store is away for as long as sessions may, and no longer', async () => {
    const { policies, decide } = await loaded(PERMIT)
    let told = 0
    policies.onChange(() => {
      told += 1
    })
    await store.owner.db.execute('alter table policy_versions rename to elsewhere')
    now.ms += LIMITS.spoolMs
    await policies.keepFresh()
    expect(decide(insert)).toMatchObject({ decision: { effect: 'allow' } })
    await expect(policies.refresh()).rejects.toThrow()
    now.ms += 1
    await policies.keepFresh()
    expect(decide(insert)).toMatchObject({ denial: { kind: 'unavailable' } })
    await store.owner.db.execute('alter table elsewhere rename to policy_versions')
    await policies.keepFresh()
    expect(decide(insert)).toMatchObject({ decision: { effect: 'allow' } })
    expect(told).toBe(2)
  })
})
