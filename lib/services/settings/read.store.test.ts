import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealingKeys } from '../../db/schema/connections'
import { principals } from '../../db/schema/principals'
import { workers } from '../../db/schema/sessions'
import { createTestStore, type TestStore } from '../../db/testing/store'
import { systemClock } from '../../domain/clock'
import type { PrincipalId, SignInId } from '../../domain/ids'
import { newId } from '../../domain/ids'
import type { Principal, Role } from '../../domain/principal'
import { listAudit } from '../audit/list'
import { readAudit } from '../audit/read'
import type { Context } from '../context'
import { mintToken } from '../tokens/mint'
import { readToken } from '../tokens/read'
import { readGateway } from './read'

let store: TestStore
const source = { now: () => Date.now(), random: (length: number) => new Uint8Array(randomBytes(length)) }
const ada = person('Ada')
const sam = person('Sam')

beforeAll(async () => {
  store = await createTestStore()
  for (const { id, kind, name } of [ada, sam]) await store.owner.db.insert(principals).values({ id, kind, name })
})
afterAll(() => store.close())

function person(name: string): Principal {
  const id: PrincipalId = newId('principal', source)
  return { id, kind: 'person', name, email: null, ownerId: null, groups: [] }
}

function as(principal: Principal, ...roles: Role[]): Context {
  const signInId: SignInId = newId('signIn', source)
  const actor = { principal, roles: new Set(roles), via: { kind: 'sign-in', signInId } } as const
  return { db: store.portal.db, actor, clock: systemClock, random: source.random }
}

test('a proxy whose lease has run out does not count as running', async () => {
  const worker = (host: string, leaseMs: number) => ({
    id: newId('worker', source),
    host,
    pid: 1,
    leaseUntil: new Date(Date.now() + leaseMs),
  })
  await store.owner.db.insert(workers).values([worker('alive', 60_000), worker('dead', -60_000)])
  const { workers: running } = await readGateway({ ctx: as(ada, 'auditor'), input: {} })
  expect(running.map(({ host }) => host)).toEqual(['alive'])
})

test('the newest sealing key comes first, as its fingerprint only', async () => {
  const key = (createdAt: Date) => ({ id: newId('sealingKey', source), publicKey: source.random(32), createdAt })
  const [older, newer] = [key(new Date('2026-01-01')), key(new Date('2026-02-01'))]
  await store.owner.db.insert(sealingKeys).values([older, newer])
  const { sealingKeys: keys } = await readGateway({ ctx: as(ada, 'admin'), input: {} })
  expect(keys.map(({ id }) => id)).toEqual([newer.id, older.id])
  expect(keys[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/)
})

test('the inside of the gateway is not for engineers', async () => {
  await expect(readGateway({ ctx: as(sam, 'engineer'), input: {} })).rejects.toMatchObject({ code: 'forbidden' })
})

test('somebody else’s token does not exist for those without a role for it', async () => {
  const { id } = await mintToken({ ctx: as(ada), input: { label: 'mine' } })
  expect(await readToken({ ctx: as(ada), input: { id } })).toMatchObject({ label: 'mine', state: 'active' })
  expect(await readToken({ ctx: as(sam, 'auditor'), input: { id } })).toMatchObject({ id })
  await expect(readToken({ ctx: as(sam, 'engineer'), input: { id } })).rejects.toMatchObject({ code: 'not_found' })
  await expect(readToken({ ctx: as(ada), input: { id: 'tok_none' } })).rejects.toMatchObject({ code: 'not_found' })
})

test('one audit event is read by those who may read the log, and by nobody else', async () => {
  await mintToken({ ctx: as(ada), input: {} })
  const [event] = (await listAudit({ ctx: as(ada, 'auditor'), input: { action: 'token.mint' } })).items
  const id = event?.id ?? ''
  expect(await readAudit({ ctx: as(sam, 'auditor'), input: { id } })).toEqual(event)
  await expect(readAudit({ ctx: as(ada, 'engineer'), input: { id } })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(readAudit({ ctx: as(ada, 'admin'), input: { id: 'aud_none' } })).rejects.toMatchObject({
    code: 'not_found',
  })
})
