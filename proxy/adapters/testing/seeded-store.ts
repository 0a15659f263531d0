import { randomBytes } from 'node:crypto'
import { mintToken } from '#lib/crypto/tokens'
import { connections } from '#lib/db/schema/connections'
import { accessTokens, principals, signIns } from '#lib/db/schema/principals'
import { createTestStore, type TestStore } from '#lib/db/testing/store'
import { type ConnectionId, type IdSource, newId, type PrincipalId, type SignInId, type TokenId } from '#lib/domain/ids'

export const ids: IdSource = { now: () => Date.now(), random: (length) => randomBytes(length) }
const HOUR_MS = 3_600_000

/** A store with one agent, its human owner and a connection `shop` that the agent may use. */
export interface SeededStore {
  readonly store: TestStore
  readonly agentId: PrincipalId
  readonly ownerId: PrincipalId
  readonly connectionId: ConnectionId
  /** A new token of the agent, changed as asked. */
  token(change?: Partial<typeof accessTokens.$inferInsert>): Promise<{ id: TokenId; token: string }>
  /** A browser's sign-in of the owner. */
  signIn(): Promise<SignInId>
}

export async function seededStore(): Promise<SeededStore> {
  const store = await createTestStore()
  const { db } = store.owner
  const ownerId = newId('principal', ids)
  const agentId = newId('principal', ids)
  const connectionId = newId('connection', ids)
  await db.insert(principals).values([
    { id: ownerId, kind: 'person', name: 'Olga', email: 'olga@example.com', groups: ['engineers'] },
    { id: agentId, kind: 'agent', name: 'autogen', ownerId, groups: ['agents'] },
  ])
  await db.insert(connections).values({
    id: connectionId,
    name: 'shop',
    protocol: 'postgres',
    host: '127.0.0.1',
    port: 5432,
    access: ['agents'],
    settings: { database: 'shop', user: 'app', tls: 'disable' },
  })
  return {
    store,
    agentId,
    ownerId,
    connectionId,
    async token(change = {}) {
      const { token, hash, hint } = mintToken(randomBytes)
      const id = newId('token', ids)
      const expiresAt = new Date(Date.now() + HOUR_MS)
      await db
        .insert(accessTokens)
        .values({ id, hash, hint, principalId: agentId, createdBy: ownerId, expiresAt, ...change })
      return { id, token }
    },
    async signIn() {
      const id = newId('signIn', ids)
      const expiresAt = new Date(Date.now() + HOUR_MS)
      await db.insert(signIns).values({ id, tokenHash: id, principalId: ownerId, expiresAt })
      return id
    },
  }
}
