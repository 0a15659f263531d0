import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connections } from '#lib/db/schema/connections'
import { accessTokens, principals, signIns } from '#lib/db/schema/principals'
import { sessionEndRequests } from '#lib/db/schema/sessions'
import { type Denial, denialText } from '#lib/domain/denial'
import type { EndReason } from '#lib/domain/event'
import { newId, type SessionId } from '#lib/domain/ids'
import { CONTROL_CHANNEL, type ControlSignal } from '#lib/domain/signals'
import { SessionRegistry } from '../core/live-session'
import type { Authorized } from '../core/ports'
import { SessionWatch } from '../core/session-watch'
import { silentLog } from '../core/testing/fake-parts'
import { storeAccess } from './access'
import { storeConnections } from './connections'
import { followControl } from './control'
import { storeIdentities } from './identity'
import { StoreSignals } from './signals'
import { ids, type SeededStore, seededStore } from './testing/seeded-store'

let seeded: SeededStore
beforeEach(async () => {
  seeded = await seededStore()
})
afterEach(() => seeded.store.close())

interface Ended {
  readonly reason: EndReason
  readonly denial: Denial
}

/** A live session of the agent, and what it will be ended with. */
async function live(registry: SessionRegistry, token: string) {
  const { db } = seeded.store.proxy
  const identity = await storeIdentities(db).identify(token)
  const key = { id: newId('sealingKey', ids), publicKey: new Uint8Array(32), privateKey: new Uint8Array(32) }
  const connection = await storeConnections(db, key).find('shop')
  const id: SessionId = newId('session', ids)
  let tell: (ended: Ended) => void = () => undefined
  const ended = new Promise<Ended>((resolve) => {
    tell = resolve
  })
  registry.add({
    id,
    access: { identity, connection } as unknown as Authorized,
    startedAtMs: 0,
    end: (reason, denial) => tell({ reason, denial }),
    activity: () => ({ running: true, lastAtMs: 0 }),
  })
  return { id, ended }
}

function watchOf(registry: SessionRegistry) {
  return new SessionWatch({
    registry,
    access: storeAccess(seeded.store.proxy.db),
    clock: { now: () => 0, monotonicMs: () => 0 },
    limits: { idleMs: 1, sessionMs: 1 },
    log: silentLog,
  })
}

const past = () => new Date(Date.now() - 1_000)

describe('a live session, at the next look at the store, ends because', () => {
  const owner = () => seeded.store.owner.db
  const cases: [string, string, (tokenId: `tok_${string}`) => Promise<unknown>][] = [
    [
      'its token was revoked',
      'the access token was revoked',
      (id) => owner().update(accessTokens).set({ revokedAt: past() }).where(eq(accessTokens.id, id)),
    ],
    [
      'its token has expired',
      'the access token has expired',
      (id) => owner().update(accessTokens).set({ expiresAt: past() }).where(eq(accessTokens.id, id)),
    ],
    ['its sign-in is gone', 'signed out', () => owner().delete(signIns)],
    [
      'its principal was disabled',
      'this principal is disabled',
      () => owner().update(principals).set({ disabledAt: past() }).where(eq(principals.id, seeded.agentId)),
    ],
    [
      'the human behind it was disabled',
      'the person who answers',
      () => owner().update(principals).set({ disabledAt: past() }).where(eq(principals.id, seeded.ownerId)),
    ],
    ['its connection was disabled', 'disabled', () => owner().update(connections).set({ disabledAt: past() })],
    ['its connection was deleted', 'no longer exists', () => owner().update(connections).set({ deletedAt: past() })],
    [
      'its groups lost access',
      'withdrawn',
      () =>
        owner()
          .update(connections)
          .set({ access: ['humans'] }),
    ],
    [
      'its principal left the group',
      'withdrawn',
      () => owner().update(principals).set({ groups: [] }).where(eq(principals.id, seeded.agentId)),
    ],
  ]

  it.each(cases)('%s', async (_, words, change) => {
    const registry = new SessionRegistry()
    const signInId = await seeded.signIn()
    const { id, token } = await seeded.token({ signInId })
    const session = await live(registry, token)
    const access = storeAccess(seeded.store.proxy.db)
    const watched = {
      sessionId: session.id,
      tokenId: id,
      principalId: seeded.agentId,
      connectionId: seeded.connectionId,
    }
    expect(await access.recheck([watched])).toEqual([])
    await change(id)
    await watchOf(registry).recheck()
    const { reason, denial } = await session.ended
    expect(reason).toBe('access-revoked')
    expect(denialText(denial)).toContain(words)
  })

  it('a person ended it, whose name the client reads', async () => {
    const registry = new SessionRegistry()
    const session = await live(registry, (await seeded.token()).token)
    await seeded.store.portal.db
      .insert(sessionEndRequests)
      .values({ sessionId: session.id, requestedBy: seeded.ownerId, requestedByName: 'Olga' })
    await watchOf(registry).recheck()
    const { reason, denial } = await session.ended
    expect([reason, denialText(denial)]).toEqual(['ended-by-person', '[sallyport:denied] session: ended by Olga'])
  })

  it('and another one with a good token goes on', async () => {
    const registry = new SessionRegistry()
    const [bad, good] = [await seeded.token(), await seeded.token()]
    const ended: string[] = []
    for (const { token } of [bad, good]) {
      const session = await live(registry, token)
      void session.ended.then(() => ended.push(session.id))
    }
    await seeded.store.owner.db.update(accessTokens).set({ revokedAt: past() }).where(eq(accessTokens.id, bad.id))
    await watchOf(registry).recheck()
    expect(ended).toEqual([registry.list()[0]?.id])
  })
})

describe('signals', () => {
  const notify = (signal: ControlSignal | string) => {
    const payload = typeof signal === 'string' ? signal : JSON.stringify(signal)
    return seeded.store.portal.db.execute(sql`select pg_notify(${CONTROL_CHANNEL}, ${payload})`)
  }

  it('of a revocation end the session at once, without waiting for the next look', async () => {
    const registry = new SessionRegistry()
    const { id, token } = await seeded.token()
    const session = await live(registry, token)
    const watch = watchOf(registry)
    const signals = new StoreSignals(seeded.store.proxy.sql, silentLog, () => undefined)
    await followControl(signals, {
      recheck: () => void watch.recheck(),
      runTests: () => undefined,
      policiesChanged: () => undefined,
      reviewDecided: () => undefined,
    })
    await seeded.store.owner.db.update(accessTokens).set({ revokedAt: past() }).where(eq(accessTokens.id, id))
    await notify({ kind: 'token-revoked', tokenId: id })
    expect((await session.ended).reason).toBe('access-revoked')
  })

  it('that are forged or garbage end nothing', async () => {
    const registry = new SessionRegistry()
    const { id, token } = await seeded.token()
    const session = await live(registry, token)
    let ended = false
    void session.ended.then(() => {
      ended = true
    })
    const watch = watchOf(registry)
    const looks: Promise<void>[] = []
    let asked: () => void = () => undefined
    const tested = new Promise<void>((resolve) => {
      asked = resolve
    })
    const signals = new StoreSignals(seeded.store.proxy.sql, silentLog, () => undefined)
    await followControl(signals, {
      recheck: () => void looks.push(watch.recheck()),
      runTests: () => asked(),
      policiesChanged: () => undefined,
      reviewDecided: () => undefined,
    })
    for (const garbage of ['', 'null', '{', '{"kind":7}', '[]', '{"kind":"drop-everything"}']) await notify(garbage)
    await notify({ kind: 'token-revoked', tokenId: id })
    await notify({ kind: 'end-session', sessionId: session.id, by: 'nobody' })
    await notify({ kind: 'run-test', testId: newId('test', ids) })
    await tested
    await Promise.all(looks)
    expect([looks.length, ended]).toEqual([2, false])
  })

  it('come again after the store dropped the connection, and say that some may be lost', async () => {
    let connected: () => void = () => undefined
    const next = () =>
      new Promise<void>((resolve) => {
        connected = resolve
      })
    const signals = new StoreSignals(seeded.store.proxy.sql, silentLog, () => connected())
    const first = next()
    const heard: string[] = []
    let hear: () => void = () => undefined
    await signals.subscribe('another_channel', (payload) => {
      heard.push(payload)
      hear()
    })
    await first
    const again = next()
    const dropped = await seeded.store.proxy.db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'`)
    expect(dropped.length).toBe(1)
    await again
    const arrived = new Promise<void>((resolve) => {
      hear = resolve
    })
    await signals.publish('another_channel', 'hello')
    await arrived
    expect(heard).toEqual(['hello'])
  })
})
