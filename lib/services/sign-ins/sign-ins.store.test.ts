import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessTokens, deviceLogins, principals, signIns } from '../../db/schema/principals'
import { approveDeviceLogin, denyDeviceLogin } from '../device-logins/decide'
import { pollDeviceLogin } from '../device-logins/poll'
import { readDeviceLogin } from '../device-logins/read'
import { startDeviceLogin } from '../device-logins/start'
import { createAgent } from '../principals/create-agent'
import { disablePrincipal } from '../principals/disable'
import { createWorld, type World } from '../testing/world'
import { identifyToken } from '../tokens/identify'
import { createSignIn } from './create'
import { endSignIn } from './end'
import { identifySignIn } from './identify'
import { type PersonProfile, registerPerson } from './register-person'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const failure = (code: string) => expect.objectContaining({ code })
const refusal = (reason: string) => expect.objectContaining({ refusal: reason })
const profile = (change: Partial<PersonProfile>): PersonProfile => ({
  provider: 'https://idp.example',
  subject: 'sub-1',
  email: 'someone@example.com',
  emailVerified: true,
  name: 'Some One',
  groups: ['b', 'a', 'b'],
  ...change,
})
const register = (change: Partial<PersonProfile>) => registerPerson({ ctx: world.system, input: profile(change) })
const personOf = async (id: string) => {
  const [row] = await world.store.owner.db
    .select()
    .from(principals)
    .where(eq(principals.id, id as `pri_${string}`))
  return row
}

describe('a person who signs in', () => {
  it('is the same one next time, with the name and groups of that time', async () => {
    const first = await register({})
    expect(await personOf(first.principalId)).toMatchObject({ name: 'Some One', groups: ['a', 'b'] })
    const second = await register({ name: 'Other Name', groups: ['c'], email: 'moved@example.com' })
    expect(second).toEqual(first)
    expect(await personOf(first.principalId)).toMatchObject({
      name: 'Other Name',
      groups: ['c'],
      email: 'moved@example.com',
    })
    expect((await world.audited('principal.groups'))[0]?.detail).toMatchObject({ before: ['a', 'b'], after: ['c'] })
  })

  it('is never joined to another account by e-mail address, in any spelling', async () => {
    await register({ subject: 'victim', email: 'victim@example.com' })
    for (const change of [{ subject: 'thief' }, { subject: 'victim', provider: 'https://other.example' }])
      await expect(register({ email: 'VICTIM@Example.com', ...change })).rejects.toEqual(refusal('email-taken'))
    const thief = await register({ subject: 'thief', email: 'thief@example.com' })
    await expect(register({ subject: 'thief', email: 'victim@example.com' })).rejects.toEqual(refusal('email-taken'))
    expect((await personOf(thief.principalId))?.email).toBe('thief@example.com')
  })

  it('takes an invited person’s place only by an address that the provider has verified', async () => {
    const agent = await createAgent({
      ctx: world.as.admin,
      input: { name: 'owned', ownerEmail: 'invited@example.com' },
    })
    const input = { subject: 'invited', email: 'invited@example.com' }
    await expect(register({ ...input, emailVerified: false })).rejects.toEqual(refusal('email-unverified'))
    expect((await register(input)).principalId).toBe(agent.owner?.id)
    await expect(register({ ...input, subject: 'second' })).rejects.toEqual(refusal('email-taken'))
  })

  it('is one person when two browsers finish at the same moment', async () => {
    const both = await Promise.all([1, 2, 3].map(() => register({ subject: 'twice', email: 'twice@example.com' })))
    expect(new Set(both.map(({ principalId }) => principalId)).size).toBe(1)
  })

  it('does not come in disabled, or with more groups than are taken', async () => {
    const { principalId } = await register({ subject: 'gone', email: 'gone@example.com' })
    await disablePrincipal({ ctx: world.as.admin, input: { id: principalId } })
    await expect(register({ subject: 'gone', email: 'gone@example.com' })).rejects.toEqual(refusal('disabled'))
    const groups = (count: number) => Array.from({ length: count }, (_, i) => `g${i}`)
    await expect(register({ subject: 'many', email: null, groups: groups(501) })).rejects.toEqual(
      refusal('too-many-groups'),
    )
    await expect(register({ subject: 'many', email: null, groups: groups(500) })).resolves.toBeDefined()
  })

  it('is registered by Sallyport alone', async () => {
    for (const ctx of [world.as.admin, world.operator])
      await expect(registerPerson({ ctx, input: profile({ subject: 'x' }) })).rejects.toEqual(failure('forbidden'))
  })
})

describe('a sign-in', () => {
  const begin = async (token: string, expiresAt = new Date(Date.now() + 60_000)) =>
    createSignIn({ ctx: world.system, input: { token, principalId: world.as.engineer.actor.principal.id, expiresAt } })
  const identify = (token: string) => identifySignIn({ db: world.store.portal.db, token })

  it('keeps a hash of its cookie, is recorded, and ends for good', async () => {
    const token = 'd'.repeat(43)
    const { signInId } = await begin(token)
    expect(await identify(token)).toMatchObject({ signInId, principal: { name: 'engineer' } })
    const rows = await world.store.owner.db.select().from(signIns)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect((await world.audited('sign-in.create'))[0]?.detail).toMatchObject({ signInId })
    await endSignIn({ ctx: world.system, input: { token } })
    await endSignIn({ ctx: world.system, input: { token } })
    expect(await identify(token)).toBeNull()
    expect(await world.audited('sign-in.end')).toHaveLength(1)
  })

  it('ends by the store’s clock', async () => {
    const token = 'e'.repeat(43)
    const { signInId } = await begin(token)
    await world.store.owner.db.update(signIns).set({ expiresAt: sql`now()` }).where(eq(signIns.id, signInId))
    expect(await identify(token)).toBeNull()
  })

  it('is not found by its hash', async () => {
    const token = 'f'.repeat(43)
    const { signInId } = await begin(token)
    const [row] = await world.store.owner.db.select().from(signIns).where(eq(signIns.id, signInId))
    expect(await identify(row?.tokenHash ?? '')).toBeNull()
  })
})

describe('a login of the command line', () => {
  const start = () => startDeviceLogin({ ctx: world.system, input: {} })
  const poll = (deviceCode: string) => pollDeviceLogin({ ctx: world.system, input: { deviceCode } })

  it('gives the person who approves it one token, once', async () => {
    const login = await start()
    expect(login.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    expect(await poll(login.deviceCode)).toEqual({ state: 'authorization_pending' })
    expect(await poll(login.deviceCode)).toEqual({ state: 'slow_down' })
    const typed = ` ${login.userCode.toLowerCase().replace('-', ' ')}`
    expect((await readDeviceLogin({ ctx: world.as.auditor, input: { userCode: typed } })).userCode).toBe(login.userCode)
    await approveDeviceLogin({ ctx: world.as.auditor, input: { userCode: typed } })
    const polls = await Promise.all([1, 2, 3].map(() => poll(login.deviceCode)))
    const issued = polls.filter((answer) => answer.state === 'issued')
    expect(issued).toHaveLength(1)
    const token = issued[0]?.state === 'issued' ? issued[0].token : ''
    expect(await identifyToken({ db: world.store.portal.db, token })).toMatchObject({
      principal: { name: 'auditor' },
      scope: 'api',
    })
    expect(await poll(login.deviceCode)).toEqual({ state: 'expired_token' })
    expect(await world.audited('device-login.approve')).toMatchObject([{ actorName: 'auditor' }])
    const rows = [
      await world.store.owner.db.select().from(deviceLogins),
      await world.store.owner.db.select().from(accessTokens),
    ]
    expect(JSON.stringify(rows)).not.toContain(login.deviceCode)
  })

  it('is over when refused, and decided once', async () => {
    const { userCode, deviceCode } = await start()
    await denyDeviceLogin({ ctx: world.as.engineer, input: { userCode } })
    expect(await poll(deviceCode)).toEqual({ state: 'access_denied' })
    await expect(approveDeviceLogin({ ctx: world.as.admin, input: { userCode } })).rejects.toEqual(failure('not_found'))
    expect(await world.audited('device-login.deny')).toHaveLength(1)
  })

  it('has one winner when two people decide at the same moment', async () => {
    const { userCode } = await start()
    const decisions = await Promise.allSettled([
      approveDeviceLogin({ ctx: world.as.admin, input: { userCode } }),
      approveDeviceLogin({ ctx: world.as.engineer, input: { userCode } }),
      denyDeviceLogin({ ctx: world.as.auditor, input: { userCode } }),
    ])
    expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is decided in a browser: no token and no operator approves one', async () => {
    const { userCode } = await start()
    const byToken = {
      ...world.as.admin,
      actor: { ...world.as.admin.actor, via: { kind: 'token' as const, tokenId: 'tok_x' as const, runId: null } },
    }
    for (const ctx of [byToken, world.operator]) {
      await expect(approveDeviceLogin({ ctx, input: { userCode } })).rejects.toEqual(failure('forbidden'))
      await expect(readDeviceLogin({ ctx, input: { userCode } })).rejects.toEqual(failure('forbidden'))
    }
  })

  it('expires, and an unknown code is no different from an expired one', async () => {
    const { userCode, deviceCode } = await start()
    await world.store.owner.db
      .update(deviceLogins)
      .set({ expiresAt: sql`now()` })
      .where(eq(deviceLogins.userCode, userCode))
    expect(await poll(deviceCode)).toEqual({ state: 'expired_token' })
    expect(await poll('made-up')).toEqual({ state: 'expired_token' })
    await expect(approveDeviceLogin({ ctx: world.as.admin, input: { userCode } })).rejects.toEqual(failure('not_found'))
    await expect(readDeviceLogin({ ctx: world.as.admin, input: { userCode: '%' } })).rejects.toEqual(
      failure('not_found'),
    )
  })
})
