import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createConnection } from '../connections/create'
import { updateConnection } from '../connections/update'
import { writeCatalog } from '../gateway/catalogs'
import { createWorld, type World } from '../testing/world'
import { explainDecision } from './explain'
import { installStarterPolicies } from './install-starter'

let world: World
let connectionId: `con_${string}`

const SHOP = {
  ...{ name: 'shop', protocol: 'postgres' as const, address: 'db:5432', access: ['agents'] },
  settings: { database: 'shop', user: 'app' },
}

/** A table in one schema, and a view that takes a number. */
const SNAPSHOT = [
  ['general', 150_000, 'UTF8'],
  ['relation', 20_000, 'public', 'orders', 'r', 0, [], [], [], null, null],
  ['relation', 20_001, 'public', 'numbers', 'v', 0, [], [], [], "SELECT nextval('public.counter')", null],
].map((row) => JSON.stringify(row))

beforeAll(async () => {
  world = await createWorld()
  await installStarterPolicies(world.system)
  const made = await createConnection({ ctx: world.as.admin, input: { connection: SHOP } })
  connectionId = made.id as typeof connectionId
})
afterAll(() => world.close())

const keep = (snapshot: unknown, connectionVersion = 1, database = 'shop') =>
  writeCatalog(world.store.proxy.db, { connectionId, connectionVersion, database, snapshot })
const explain = (text: string, database?: string) =>
  explainDecision({ ctx: world.as.admin, input: { connection: 'shop', text, ...(database && { database }) } })

describe('explaining with what a proxy last saw of the target', () => {
  beforeEach(() => keep(SNAPSHOT))

  it('knows what names mean, and since when', async () => {
    const plain = await explain('SELECT * FROM orders')
    expect(plain).toMatchObject({ facts: { standing: 'clear', readOnly: true }, because: [] })
    expect(Date.parse(String(plain.catalogReadAt))).toBeGreaterThan(Date.now() - 60_000)
    expect((await explain('SELECT * FROM numbers')).facts).toMatchObject({ readOnly: false })
    expect((await explain('SELECT * FROM nowhere')).facts.standing).toBe('opaque')
  })

  it.each([
    ['another database', SNAPSHOT, 1, 'other'],
    ['a version of the connection that is not this one', SNAPSHOT, 2, 'shop'],
    ['no catalog', { not: 'a list' }, 1, 'shop'],
    ['none that can be read', ['["relation"]'], 1, 'shop'],
  ])('knows nothing from that of %s', async (_, snapshot, version, database) => {
    await keep(snapshot, version, 'shop')
    const explained = await explain('SELECT * FROM orders', database)
    expect(explained).toMatchObject({ facts: { standing: 'opaque', readOnly: false }, catalogReadAt: null })
  })

  it('starts anew when the connection is changed', async () => {
    const connection = { ...SHOP, tags: { env: 'prod' } }
    await updateConnection({ ctx: world.as.admin, input: { id: connectionId, version: 1, connection } })
    expect((await explain('SELECT * FROM orders')).catalogReadAt).toBeNull()
    await keep(SNAPSHOT, 2)
    expect((await explain('SELECT * FROM orders')).facts.standing).toBe('clear')
  })
})
