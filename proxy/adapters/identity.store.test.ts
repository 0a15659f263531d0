import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessTokens, principals, signIns } from '#lib/db/schema/principals'
import { storeIdentities } from './identity'
import { type SeededStore, seededStore } from './testing/seeded-store'

let seeded: SeededStore
beforeAll(async () => {
  seeded = await seededStore()
})
afterAll(() => seeded.store.close())

const identify = (token: string) => storeIdentities(seeded.store.proxy.db).identify(token)
const past = new Date(Date.now() - 1_000)

describe('a token', () => {
  it('names its principal and the human behind it, with the proxy’s own database role', async () => {
    const { id, token } = await seeded.token({ connections: ['shop'] })
    expect(await identify(token)).toMatchObject({
      principal: { id: seeded.agentId, kind: 'agent', groups: ['agents'] },
      onBehalfOf: { id: seeded.ownerId, name: 'Olga' },
      tokenId: id,
      connections: ['shop'],
    })
  })

  it('of a person speaks for the person alone', async () => {
    const { token } = await seeded.token({ principalId: seeded.ownerId })
    const identity = await identify(token)
    expect(identity?.onBehalfOf).toEqual(identity?.principal)
  })

  it.each([
    ['revoked', { revokedAt: past }],
    ['expired', { expiresAt: past }],
    ['for the API only', { scope: 'api' as const }],
  ])('that is %s names nobody', async (_, change) => {
    const { token } = await seeded.token(change)
    expect(await identify(token)).toBeNull()
  })

  it('whose sign-in is gone names nobody', async () => {
    const signInId = await seeded.signIn()
    const { token } = await seeded.token({ principalId: seeded.ownerId, signInId })
    expect(await identify(token)).toMatchObject({ signInId })
    await seeded.store.owner.db.delete(signIns).where(eq(signIns.id, signInId))
    expect(await identify(token)).toBeNull()
  })

  it('that nobody minted names nobody', async () => {
    expect(await identify(`sp_${'x'.repeat(43)}`)).toBeNull()
    expect(await identify("' or true --")).toBeNull()
  })

  it('of a disabled principal, or of one whose owner is disabled, names nobody', async () => {
    const { token } = await seeded.token()
    for (const id of [seeded.agentId, seeded.ownerId]) {
      const set = (disabledAt: Date | null) =>
        seeded.store.owner.db.update(principals).set({ disabledAt }).where(eq(principals.id, id))
      await set(past)
      expect(await identify(token)).toBeNull()
      await set(null)
    }
    expect(await identify(token)).not.toBeNull()
  })

  it('is not stored in a form that opens anything', async () => {
    const { id, token } = await seeded.token()
    const [row] = await seeded.store.owner.db.select().from(accessTokens).where(eq(accessTokens.id, id))
    expect(JSON.stringify(row)).not.toContain(token.slice(3, -4))
    expect(await identify(row?.hash ?? '')).toBeNull()
  })
})
