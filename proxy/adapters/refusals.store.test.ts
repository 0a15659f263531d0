import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '#lib/db/schema/events'
import type { Denial } from '#lib/domain/denial'
import type { Refusal } from '../core/admission'
import { connection, identity, silentLog } from '../core/testing/fake-parts'
import { AuditedRefusals } from './refusals'
import { type SeededStore, seededStore } from './testing/seeded-store'

let seeded: SeededStore
beforeEach(async () => {
  seeded = await seededStore()
})
afterEach(() => seeded.store.close())

const now = { ms: 0 }
const clock = { now: () => Date.now(), monotonicMs: () => now.ms }
const denial: Denial = { kind: 'denied', policy: 'access', reason: 'no' }
const claim = { token: 'sp_secret', connection: 'shop', database: null, application: 'psql' }
const refusal: Refusal = { identity, claim, connection, clientAddress: '192.0.2.7', denial }

const refusals = () =>
  new AuditedRefusals(
    { db: seeded.store.proxy.db, clock, random: (length) => new Uint8Array(randomBytes(length)) },
    silentLog,
  )
const audited = () => seeded.store.owner.db.select().from(auditEvents)

describe('a refused connect', () => {
  it('is audited with who, where to, from where and why, and never with the token', async () => {
    await refusals().record(refusal)
    const rows = await audited()
    expect(rows).toMatchObject([
      {
        actorId: identity.principal.id,
        actorName: 'autogen',
        via: 'token',
        action: 'session.refuse',
        targetId: connection.id,
        targetName: 'shop',
        detail: { reason: '[sallyport:denied] access: no', client: '192.0.2.7', token: identity.tokenId },
      },
    ])
    expect(JSON.stringify(rows)).not.toContain('sp_secret')
  })

  it('of a connection that does not exist is audited by the name that was asked for, cut to the length of a name', async () => {
    await refusals().record({ ...refusal, connection: null, claim: { ...claim, connection: 'x'.repeat(1_000) } })
    expect(await audited()).toMatchObject([{ targetId: 'x'.repeat(63), targetName: 'x'.repeat(63) }])
  })

  it('that repeats within a minute becomes a count on the next entry', async () => {
    const port = refusals()
    for (let i = 0; i < 5; i++) await port.record(refusal)
    await port.record({ ...refusal, claim: { ...claim, connection: 'billing' } })
    expect(await audited()).toHaveLength(2)
    now.ms += 60_000
    await port.record(refusal)
    const rows = await audited()
    expect(rows).toHaveLength(3)
    expect(rows.map(({ detail }) => detail.times).filter(Boolean)).toEqual([5])
  })

  it('that cannot be recorded is refused all the same', async () => {
    await seeded.store.proxy.close()
    await expect(refusals().record(refusal)).resolves.toBeUndefined()
  })
})
