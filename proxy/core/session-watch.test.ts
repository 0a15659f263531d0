import { describe, expect, it } from 'vitest'
import type { Denial } from '#lib/domain/denial'
import { drainSessions } from './drain'
import { type LiveSession, SessionRegistry } from './live-session'
import type { Authorized } from './ports'
import { type AccessPort, SessionWatch } from './session-watch'
import { connection, identity, silentLog } from './testing/fake-parts'

const limits = { idleMs: 1_000, sessionMs: 5_000 }
const revoked: Denial = { kind: 'denied', policy: 'token', reason: 'revoked' }

function fixture(access: AccessPort['recheck'] = async () => []) {
  const now = { ms: 0 }
  const activity = { running: false, lastAtMs: 0 }
  const ended: string[] = []
  const registry = new SessionRegistry()
  const session: LiveSession = {
    id: 'ses_00000000000000000001',
    access: { identity, connection } as unknown as Authorized,
    startedAtMs: 0,
    end: (reason) => {
      ended.push(reason)
      registry.remove(session.id)
    },
    activity: () => activity,
  }
  registry.add(session)
  const clock = { now: () => now.ms, monotonicMs: () => now.ms }
  const watch = new SessionWatch({ registry, access: { recheck: access }, clock, limits, log: silentLog })
  return { watch, now, activity, ended, registry, session }
}

describe('limits of a session', () => {
  it('end it when it has been idle for exactly the limit, not a millisecond before', () => {
    const { watch, now, ended } = fixture()
    now.ms = 999
    watch.enforceLimits()
    expect(ended).toEqual([])
    now.ms = 1_000
    watch.enforceLimits()
    expect(ended).toEqual(['idle'])
  })

  it('do not call it idle while an operation runs, but end it when it has lasted too long', () => {
    const { watch, now, activity, ended } = fixture()
    activity.running = true
    now.ms = 4_999
    watch.enforceLimits()
    expect(ended).toEqual([])
    now.ms = 5_000
    watch.enforceLimits()
    expect(ended).toEqual(['too-long'])
  })
})

describe('a look at the store', () => {
  it('ends exactly the sessions it names', async () => {
    const { watch, ended, session } = fixture(async (sessions) => {
      expect(sessions).toEqual([
        {
          sessionId: session.id,
          tokenId: identity.tokenId,
          principalId: identity.principal.id,
          connectionId: connection.id,
        },
      ])
      return [
        { sessionId: 'ses_00000000000000000009', reason: 'access-revoked', denial: revoked },
        { sessionId: session.id, reason: 'access-revoked', denial: revoked },
      ]
    })
    await watch.recheck()
    expect(ended).toEqual(['access-revoked'])
  })

  it('asked for during another sees what changed meanwhile', async () => {
    const waiting: (() => void)[] = []
    let looks = 0
    const { watch } = fixture(async () => {
      looks += 1
      await new Promise<void>((resolve) => waiting.push(resolve))
      return []
    })
    const first = watch.recheck()
    const second = watch.recheck()
    waiting.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
    waiting.shift()?.()
    await Promise.all([first, second])
    expect(looks).toBe(2)
  })

  it('that fails ends nothing, and the next one is made', async () => {
    let looks = 0
    const { watch, ended, session } = fixture(async () => {
      looks += 1
      if (looks === 1) throw new Error('the store is away')
      return [{ sessionId: session.id, reason: 'access-revoked', denial: revoked }]
    })
    await watch.recheck()
    expect(ended).toEqual([])
    await watch.recheck()
    expect(ended).toEqual(['access-revoked'])
  })
})

describe('a stop', () => {
  const never = new AbortController().signal

  it('ends idle sessions at once and lets a running operation finish', async () => {
    const { registry, activity, ended } = fixture()
    activity.running = true
    const endedBefore: number[] = []
    const wait = async () => {
      endedBefore.push(ended.length)
      if (endedBefore.length === 3) activity.running = false
    }
    await drainSessions(registry, { drainMs: 1_000, force: never, wait })
    expect(endedBefore.slice(0, 3)).toEqual([0, 0, 0])
    expect(ended).toEqual(['gateway-stopped'])
    expect(registry.open).toBe(false)
  })

  it('ends what still runs when the time is up', async () => {
    const { registry, activity, ended } = fixture()
    activity.running = true
    await drainSessions(registry, { drainMs: 100, force: never, wait: async () => undefined })
    expect(ended).toEqual(['gateway-stopped'])
  })

  it('ends everything at once when forced', async () => {
    const { registry, activity, ended } = fixture()
    activity.running = true
    const wait = () => Promise.reject(new Error('must not wait'))
    await drainSessions(registry, { drainMs: 1_000, force: AbortSignal.abort(), wait })
    expect(ended).toEqual(['gateway-stopped'])
  })
})
