import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashToken } from '../../crypto/tokens'
import { accessTokens, principals } from '../../db/schema/principals'
import { createAgent } from '../principals/create-agent'
import { createSignIn } from '../sign-ins/create'
import { endSignIn } from '../sign-ins/end'
import { createWorld, type World } from '../testing/world'
import { identifyToken } from './identify'
import { listTokens } from './list'
import { mintToken } from './mint'
import { readToken } from './read'
import { revokeToken } from './revoke'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await createAgent({
    ctx: world.as.admin,
    input: { name: 'bot', ownerEmail: 'engineer@example.com', groups: ['agents'] },
  })
})
afterAll(() => world.close())

const failure = (code: string) => expect.objectContaining({ code })
const rowOf = async (id: string) => {
  const [row] = await world.store.owner.db
    .select()
    .from(accessTokens)
    .where(eq(accessTokens.id, id as `tok_${string}`))
  return row
}

describe('minting a token', () => {
  it('shows it once and keeps only its hash', async () => {
    const minted = await mintToken({ ctx: world.as.engineer, input: { agent: 'bot', run: 'nightly' } })
    const row = await rowOf(minted.id)
    expect(row).toMatchObject({
      hash: hashToken(minted.token),
      hint: minted.token.slice(-4),
      scope: 'gateway',
      signInId: null,
    })
    expect(JSON.stringify(row)).not.toContain(minted.token)
    const [event] = await world.audited('token.mint')
    expect(event).toMatchObject({ targetId: minted.id, targetName: 'bot' })
    expect(JSON.stringify(event)).not.toContain(minted.token)
    expect(JSON.stringify(event)).not.toContain(row?.hash)
  })

  it('is for oneself and own agents; for other agents with the role; for another person never', async () => {
    const other = world.as.auditor.actor.principal.id
    for (const ctx of [world.as.admin, world.as.engineer, world.operator])
      await expect(mintToken({ ctx, input: { principalId: other } })).rejects.toEqual(failure('not_found'))
    await expect(mintToken({ ctx: world.as.approver, input: { agent: 'bot' } })).rejects.toEqual(failure('not_found'))
    await expect(mintToken({ ctx: world.operator, input: {} })).rejects.toEqual(failure('invalid_input'))
    for (const ctx of [world.as.admin, world.operator, world.as.engineer])
      expect((await mintToken({ ctx, input: { agent: 'bot' } })).token).toMatch(/^sp_/)
    expect((await mintToken({ ctx: world.as.outsider, input: {} })).runId).toBeNull()
  })

  it.each([
    ['59 s', 59, false],
    ['1 min', 60, true],
    ['24 h', 86_400, true],
    ['24 h and 1 s', 86_401, false],
    ['half a second more', 60.5, false],
  ])('for %s is %s', async (_, ttlSeconds, allowed) => {
    const minted = mintToken({ ctx: world.as.engineer, input: { ttlSeconds } })
    if (!allowed) return expect(minted).rejects.toEqual(failure('invalid_input'))
    const lifetime = Date.parse((await minted).expiresAt) - Date.now()
    expect(Math.abs(lifetime - ttlSeconds * 1_000)).toBeLessThan(5_000)
  })

  it('takes names of connections that exist, and nothing but what the form has', async () => {
    const ctx = world.as.engineer
    await expect(mintToken({ ctx, input: { connections: ['nowhere'] } })).rejects.toEqual(failure('invalid_input'))
    await expect(mintToken({ ctx, input: { scope: 'api' } as never })).rejects.toEqual(failure('invalid_input'))
    await expect(mintToken({ ctx, input: { signInId: 'sgn_x' } as never })).rejects.toEqual(failure('invalid_input'))
  })

  it('with the same run label twice names one run, also at the same moment', async () => {
    const input = { agent: 'bot', run: 'together' }
    const minted = await Promise.all([1, 2, 3].map(() => mintToken({ ctx: world.as.engineer, input })))
    expect(new Set(minted.map(({ runId }) => runId)).size).toBe(1)
  })
})

describe('a token', () => {
  it('names its principal until it is revoked, expires, or its principal or owner is disabled', async () => {
    const db = world.store.portal.db
    const mint = () => mintToken({ ctx: world.as.engineer, input: { agent: 'bot' } })
    const [revoked, expired, owned] = [await mint(), await mint(), await mint()]
    for (const { token } of [revoked, expired, owned])
      expect(await identifyToken({ db, token })).toMatchObject({ principal: { name: 'bot' }, scope: 'gateway' })
    await revokeToken({ ctx: world.as.engineer, input: { id: revoked.id } })
    await world.store.owner.db
      .update(accessTokens)
      .set({ expiresAt: sql`now()` })
      .where(eq(accessTokens.id, expired.id as `tok_${string}`))
    expect(await identifyToken({ db, token: revoked.token })).toBeNull()
    expect(await identifyToken({ db, token: expired.token })).toBeNull()
    const engineer = eq(principals.id, world.as.engineer.actor.principal.id)
    await world.store.owner.db.update(principals).set({ disabledAt: sql`now()` }).where(engineer)
    expect(await identifyToken({ db, token: owned.token })).toBeNull()
    await world.store.owner.db.update(principals).set({ disabledAt: null }).where(engineer)
    expect(await identifyToken({ db, token: 'sp_short' })).toBeNull()
    expect(await identifyToken({ db, token: `${owned.token} ` })).toBeNull()
  })

  it('is seen and revoked by its owner and admins, and does not exist for others', async () => {
    const { id } = await mintToken({ ctx: world.as.engineer, input: { agent: 'bot' } })
    for (const ctx of [world.as.approver, world.as.outsider]) {
      expect((await listTokens({ ctx, input: {} })).items.some((item) => item.id === id)).toBe(false)
      await expect(readToken({ ctx, input: { id } })).rejects.toEqual(failure('not_found'))
      await expect(revokeToken({ ctx, input: { id } })).rejects.toEqual(failure('not_found'))
    }
    await expect(revokeToken({ ctx: world.as.auditor, input: { id } })).rejects.toEqual(failure('forbidden'))
    const read = await readToken({ ctx: world.as.engineer, input: { id } })
    expect(Object.keys(read)).not.toContain('hash')
    expect((await revokeToken({ ctx: world.as.admin, input: { id } })).state).toBe('revoked')
    const before = (await world.audited('token.revoke')).length
    await revokeToken({ ctx: world.as.admin, input: { id } })
    expect((await world.audited('token.revoke')).length).toBe(before)
  })

  it('minted for oneself in a browser dies with the sign-in, and only that', async () => {
    const cookie = 'c'.repeat(43)
    const { principal } = world.as.engineer.actor
    const { signInId } = await createSignIn({
      ctx: world.system,
      input: { token: cookie, principalId: principal.id, expiresAt: new Date(Date.now() + 60_000) },
    })
    const ctx = {
      ...world.as.engineer,
      actor: { ...world.as.engineer.actor, via: { kind: 'sign-in' as const, signInId } },
    }
    const own = await mintToken({ ctx, input: {} })
    const agents = await mintToken({ ctx, input: { agent: 'bot' } })
    const signals: string[] = []
    const listening = await world.store.owner.sql.listen('sallyport_control', (payload) => signals.push(payload))
    await endSignIn({ ctx: world.system, input: { token: cookie } })
    expect(await identifyToken({ db: world.store.portal.db, token: own.token })).toBeNull()
    expect(await identifyToken({ db: world.store.portal.db, token: agents.token })).not.toBeNull()
    await expect.poll(() => signals).toContain(JSON.stringify({ kind: 'signed-out', signInId }))
    await listening.unlisten()
    expect((await world.audited('sign-in.end'))[0]?.detail).toMatchObject({ tokensRevoked: 1 })
  })
})
