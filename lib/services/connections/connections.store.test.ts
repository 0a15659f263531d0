import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unseal } from '../../crypto/unsealing'
import { connectionSecrets, connections, connectionTests, connectionVersions } from '../../db/schema/connections'
import type { ConnectionId } from '../../domain/ids'
import { createWorld, type World } from '../testing/world'
import { createConnection } from './create'
import { deleteConnection } from './delete'
import { disableConnection } from './disable'
import { enableConnection } from './enable'
import { listConnections } from './list'
import { readConnection } from './read'
import { readTest } from './read-test'
import { startTest } from './start-test'
import { updateConnection } from './update'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const CANARY = 'canary-7f3a-Pässwörd'
const failure = (code: string, field?: string) => expect.objectContaining({ code, ...(field && { field }) })
const connection = (name: string, change: Record<string, unknown> = {}) => ({
  name,
  protocol: 'postgres' as const,
  address: 'DB.internal:5433',
  access: ['engineers'],
  settings: { database: 'shop', user: 'app' },
  ...change,
})
const create = (name: string, secrets: Record<string, string> = { password: CANARY }) =>
  createConnection({ ctx: world.as.admin, input: { connection: connection(name), secrets } })
const sealedOf = (id: string) =>
  world.store.owner.db
    .select()
    .from(connectionSecrets)
    .where(eq(connectionSecrets.connectionId, id as ConnectionId))

describe('registering a connection', () => {
  it('seals its secrets to the proxies, bound to where they go', async () => {
    const created = await create('sealed')
    expect(created).toMatchObject({ version: 1, address: 'db.internal:5433', secrets: [{ field: 'password' }] })
    const [secret] = await sealedOf(created.id)
    const binding = {
      connectionId: created.id as ConnectionId,
      field: 'password',
      protocol: 'postgres' as const,
      host: 'db.internal',
      port: 5433,
    }
    const opened = await unseal(world.sealingKey, binding, secret?.sealed ?? new Uint8Array())
    expect(Buffer.from(opened).toString()).toBe(CANARY)
  })

  it('leaves the secret in no table in clear, and in no answer', async () => {
    const created = await create('quiet')
    const [documents] = await world.store.owner.sql`
      select coalesce(string_agg(t::text, ''), '') as everything from (
        select to_jsonb(c) as t from connections c union all select to_jsonb(v) from connection_versions v
        union all select to_jsonb(a) from audit_events a union all select to_jsonb(s) from connection_secrets s) x`
    for (const form of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64')]) {
      expect(String(documents?.everything)).not.toContain(form)
      expect(JSON.stringify(created)).not.toContain(form)
    }
    await expect(world.store.portal.sql`select sealed from connection_secrets`).rejects.toMatchObject({ code: '42501' })
  })

  it('is recorded with its first version', async () => {
    const created = await create('recorded')
    const [event] = await world.audited('connection.create')
    expect(event).toMatchObject({
      targetId: created.id,
      actorName: 'admin',
      detail: { version: 1, secretFields: ['password'] },
    })
    const versions = await world.store.owner.db
      .select()
      .from(connectionVersions)
      .where(eq(connectionVersions.connectionId, created.id as ConnectionId))
    expect(versions).toMatchObject([{ version: 1, document: { host: 'db.internal', port: 5433 } }])
  })

  it.each(['approver', 'auditor', 'engineer', 'outsider'] as const)('is not for %s', async (person) => {
    const ctx = world.as[person]
    const { id, version } = await create(`by-${person}`)
    const changed = { id, version, connection: connection(`by-${person}`, { access: ['everyone'] }) }
    const input = { connection: connection('x') }
    await expect(createConnection({ ctx, input })).rejects.toEqual(failure('forbidden'))
    await expect(updateConnection({ ctx, input: changed })).rejects.toEqual(failure('forbidden'))
    await expect(disableConnection({ ctx, input: { id } })).rejects.toEqual(failure('forbidden'))
    await expect(enableConnection({ ctx, input: { id } })).rejects.toEqual(failure('forbidden'))
    await expect(deleteConnection({ ctx, input: { id } })).rejects.toEqual(failure('forbidden'))
    await expect(startTest({ ctx, input: { id } })).rejects.toEqual(failure('forbidden'))
  })

  it.each([
    ['a name with a slash', { name: 'a/b' }, 'connection.name'],
    ['no port where it should be', { address: 'db:99999' }, 'address'],
    ['an address with a user in it', { address: 'user@db:5432' }, 'address'],
    ['a socket folder', { address: '/var/run' }, 'address'],
    ['an unknown setting', { settings: { database: 'a', user: 'b', sslmode: 'x' } }, 'settings'],
    ['a missing setting', { settings: { user: 'b' } }, 'settings.database'],
    ['an unknown key', { owner: 'me' }, 'connection'],
  ])('refuses %s, naming the field', async (_, change, field) => {
    const input = { connection: connection('wrong', change) }
    await expect(createConnection({ ctx: world.as.admin, input })).rejects.toEqual(failure('invalid_input', field))
  })

  it('refuses secrets that the protocol does not have', async () => {
    const input = (secrets: Record<string, string>) => ({ connection: connection('wrong'), secrets })
    for (const secrets of [{ token: 'x' }, { password: '' }] as Record<string, string>[])
      await expect(createConnection({ ctx: world.as.admin, input: input(secrets) })).rejects.toEqual(
        failure('invalid_input'),
      )
  })

  it('has a name of its own, and a deleted one is free again', async () => {
    const first = await create('again')
    await expect(create('again')).rejects.toEqual(failure('conflict'))
    await deleteConnection({ ctx: world.as.admin, input: { id: first.id } })
    expect(await sealedOf(first.id)).toEqual([])
    expect((await create('again')).id).not.toBe(first.id)
    await expect(readConnection({ ctx: world.as.admin, input: { id: first.id } })).rejects.toEqual(failure('not_found'))
    expect((await world.audited('connection.delete'))[0]).toMatchObject({ targetId: first.id })
  })
})

describe('changing a connection', () => {
  const change = (id: string, version: number, to: Record<string, unknown>, secrets = {}) =>
    updateConnection({
      ctx: world.as.admin,
      input: { id, version, connection: connection('changing', to) as never, secrets },
    })

  it('demands every secret again when the address changes, and keeps them when it does not', async () => {
    const { id } = await create('changing', { password: 'one', clientKey: 'two' })
    const kept = await change(id, 1, { access: ['others'] })
    expect(kept).toMatchObject({ version: 2, access: ['others'] })
    expect(kept.secrets).toHaveLength(2)
    const elsewhere = { address: 'evil.example:5433' }
    await expect(change(id, 2, elsewhere)).rejects.toEqual(failure('invalid_input', 'secrets.clientKey'))
    await expect(change(id, 2, elsewhere, { clientKey: 'two' })).rejects.toEqual(
      failure('invalid_input', 'secrets.password'),
    )
    await expect(change(id, 2, { address: 'db.internal:5434' })).rejects.toEqual(failure('invalid_input'))
    const moved = await change(id, 2, elsewhere, { clientKey: null, password: 'new' })
    expect(moved.secrets.map(({ field }) => field)).toEqual(['password'])
    expect((await world.audited('connection.update'))[0]?.detail).toMatchObject({
      version: 3,
      changed: ['host', 'access'],
    })
  })

  it('has one winner when two admins change the same version', async () => {
    const { id } = await create('raced')
    const attempt = (access: string) =>
      updateConnection({
        ctx: world.as.admin,
        input: { id, version: 1, connection: connection('raced', { access: [access] }) },
      })
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(attempt))
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toHaveLength(3)
    for (const reason of refused) expect(reason).toEqual(failure('conflict'))
    expect((await readConnection({ ctx: world.as.admin, input: { id } })).version).toBe(2)
  })

  it('tells workers, so that live sessions of a disabled connection end', async () => {
    const { id } = await create('told')
    const signals: string[] = []
    const listening = await world.store.owner.sql.listen('sallyport_control', (payload) => signals.push(payload))
    expect((await disableConnection({ ctx: world.as.admin, input: { id } })).state).toBe('disabled')
    await expect.poll(() => signals).toEqual([JSON.stringify({ kind: 'connection-changed', connection: 'told' })])
    await disableConnection({ ctx: world.as.admin, input: { id } })
    expect((await enableConnection({ ctx: world.as.admin, input: { id } })).state).toBe('active')
    await listening.unlisten()
    expect(await world.audited('connection.disable')).toHaveLength(1)
    expect(await world.audited('connection.enable')).toHaveLength(1)
  })

  it('is not done when its audit event cannot be written', async () => {
    const { id } = await create('atomic')
    const signInId = 'sgn_x' as const
    const actor = { ...world.as.admin.actor, via: { kind: 'sign-in' as const, signInId } }
    const broken = { ...world.as.admin, actor: { ...actor, principal: { ...actor.principal, name: null as never } } }
    await expect(disableConnection({ ctx: broken, input: { id } })).rejects.toThrow()
    const [row] = await world.store.owner.db
      .select()
      .from(connections)
      .where(eq(connections.id, id as ConnectionId))
    expect(row?.disabledAt).toBeNull()
  })
})

describe('seeing connections', () => {
  it('is for every role, and without one for those whose groups may use them', async () => {
    await create('visible')
    const names = async (ctx: World['operator'], query = 'visible') =>
      (await listConnections({ ctx, input: { query } })).items.map(({ name, mayUse }) => [name, mayUse])
    expect(await names(world.as.auditor)).toEqual([['visible', false]])
    expect(await names(world.as.engineer)).toEqual([['visible', true]])
    expect(await names(world.as.outsider)).toEqual([])
    await expect(readConnection({ ctx: world.as.outsider, input: { name: 'visible' } })).rejects.toEqual(
      failure('not_found'),
    )
  })

  it('finds wildcards only as themselves', async () => {
    expect((await listConnections({ ctx: world.as.admin, input: { query: '%' } })).items).toEqual([])
    expect((await listConnections({ ctx: world.as.admin, input: { query: 'v_sible' } })).items).toEqual([])
    expect(
      (await listConnections({ ctx: world.as.admin, input: { query: "'; drop table connections; --" } })).items,
    ).toEqual([])
  })
})

describe('a connection test', () => {
  it('is asked for once, run elsewhere, and read by those who see the connection', async () => {
    const { id } = await create('tested')
    const first = await startTest({ ctx: world.as.admin, input: { id } })
    expect(await startTest({ ctx: world.as.admin, input: { id } })).toEqual(first)
    expect(await readTest({ ctx: world.as.engineer, input: { id: first.testId } })).toMatchObject({
      state: 'queued',
      current: true,
    })
    await expect(readTest({ ctx: world.as.outsider, input: { id: first.testId } })).rejects.toEqual(
      failure('forbidden'),
    )
    await world.store.proxy.db
      .update(connectionTests)
      .set({ state: 'passed' })
      .where(eq(connectionTests.connectionId, id as ConnectionId))
    expect((await readConnection({ ctx: world.as.admin, input: { id } })).lastTest?.state).toBe('passed')
    expect((await startTest({ ctx: world.as.admin, input: { id } })).testId).not.toBe(first.testId)
    expect(await world.audited('connection.test')).toHaveLength(2)
  })
})
