import { expect, test } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import { asInstalled, type Catalog, type Meanings } from '#lib/sql/catalog'
import { createFactsOf } from '#lib/sql/facts'
import type { BetterCatalog, SharedCatalog } from './shared-catalog'
import { back, front } from './testing/messages'
import { type Harness, startSession } from './testing/session-harness'

const factsOf = await createFactsOf(LIMITS)
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Has table `t` and view `v`, of which nobody knows what it does. */
const meanings: Meanings = {
  ...asInstalled('').meanings,
  relation: ({ name }) => (name === 't' ? [] : name === 'v' ? ['it may do anything'] : null),
}
const CATALOG: Catalog = { ...asInstalled('1'), meanings }

/** A shared catalog that the test plays. */
class FakeShared implements SharedCatalog {
  catalog: Catalog | null = null
  isNew = false
  readonly said: string[] = []
  coming: { soon: boolean; arrive: () => void } | null = null
  changed = (what: string) => void this.said.push(what)
  begun = () => void this.said.push('begun')
  settled = () => void this.said.push('settled')
  close = () => void this.said.push('close')
  #promise: Promise<void> = Promise.resolve()

  /** Something better can be had, at once or later. */
  offer(soon: boolean): void {
    this.#promise = new Promise((resolve) => {
      this.coming = { soon, arrive: resolve }
    })
  }

  arrive(catalog: Catalog | null): void {
    this.catalog = catalog
    this.isNew = catalog !== null
    this.coming?.arrive()
    this.coming = null
  }

  better(): BetterCatalog | null {
    const { coming } = this
    return coming && { soon: coming.soon, come: () => this.#promise }
  }
}

function start(): { shared: FakeShared } & Harness {
  const shared = new FakeShared()
  return { shared, ...startSession({ factsOf, catalog: shared }) }
}

async function run({ client, server }: Harness, text: string, status: 'I' | 'T' = 'I'): Promise<void> {
  client.send(front.query(text))
  await server.on('Q', back.complete('X'), back.ready(status))
  await client.until('Z')
}

const standing = ({ gate }: Harness) => gate.decided.at(-1)?.facts?.facts.standing

test('a statement waits for the first snapshot, and is judged with it', async () => {
  const harness = start()
  const { shared, client, server, gate } = harness
  shared.offer(true)
  client.send(front.query('SELECT * FROM t'))
  await turn()
  expect(gate.decided).toHaveLength(0)
  shared.arrive(CATALOG)
  await server.on('Q')
  expect(standing(harness)).toBe('clear')
})

test('nobody waits for what makes no difference', async () => {
  const harness = start()
  harness.shared.offer(true)
  await run(harness, 'SELECT 1')
  await run(harness, 'INSERT INTO t VALUES (1)')
  expect(standing(harness)).toBe('clear')
})

test('where none is to be had it is judged without, and what depends on it is not clear', async () => {
  const harness = start()
  await run(harness, 'SELECT * FROM t')
  expect(standing(harness)).toBe('opaque')
})

test('one that comes later is waited for only by what would not be allowed without', async () => {
  const harness = start()
  const { shared, client, gate } = harness
  shared.offer(false)
  await run(harness, 'SELECT * FROM t')
  expect(standing(harness)).toBe('opaque')
  gate.rule = ({ facts }) =>
    facts?.facts.standing === 'clear' ? null : { kind: 'denied', policy: 'code', reason: 'not seen through' }
  client.send(front.query('SELECT * FROM t'))
  await turn()
  expect(gate.decided).toHaveLength(1)
  shared.arrive(CATALOG)
  await harness.server.on('Q')
  expect(standing(harness)).toBe('clear')
})

test('where it changes all the time nobody waits for ever', async () => {
  const harness = start()
  let waits = 0
  harness.shared.better = () => ({ soon: true, come: async () => void waits++ })
  await run(harness, 'SELECT * FROM t')
  expect([standing(harness), waits]).toEqual(['opaque', 3])
})

test('what was changed and not committed is not in any snapshot: nothing is known of names until it is', async () => {
  const harness = start()
  const { shared } = harness
  shared.catalog = CATALOG
  await run(harness, 'BEGIN', 'T')
  await run(harness, 'SELECT * FROM t', 'T')
  expect(standing(harness)).toBe('clear')
  await run(harness, 'CREATE VIEW t2 AS SELECT 1', 'T')
  await run(harness, 'SELECT * FROM t', 'T')
  expect(standing(harness)).toBe('opaque')
  await run(harness, 'COMMIT')
  await run(harness, 'SELECT * FROM t')
  expect(standing(harness)).toBe('clear')
  expect(shared.said[0]).toBe('begun')
  expect(shared.said.at(-1)).toBe('names')
})

test('a table that was made in the transaction is none of that', async () => {
  const harness = start()
  const { shared } = harness
  shared.catalog = CATALOG
  shared.isNew = true
  await run(harness, 'BEGIN', 'T')
  await run(harness, 'CREATE TABLE fresh (id int)', 'T')
  await run(harness, 'SELECT * FROM fresh JOIN t USING (id)', 'T')
  expect(standing(harness)).toBe('clear')
  expect(shared.said).toEqual(['rows'])
})

test('a relation that a snapshot has not is looked for in a new one, and is not there if that has it neither', async () => {
  const harness = start()
  const { shared, client, server, gate } = harness
  shared.catalog = CATALOG
  shared.offer(true)
  client.send(front.query('SELECT * FROM nowhere'))
  await turn()
  expect(gate.decided).toHaveLength(0)
  shared.arrive(CATALOG)
  await server.on('Q', back.error('42P01'), back.ready())
  expect(standing(harness)).toBe('clear')
  await run(harness, 'SELECT * FROM nowhere, v')
  expect(standing(harness)).toBe('opaque')
})

test('while the snapshot is not new, a relation that it has not is not clear', async () => {
  const harness = start()
  harness.shared.catalog = CATALOG
  await run(harness, 'SELECT * FROM nowhere')
  expect(standing(harness)).toBe('opaque')
})

test('what a session leaves unfinished counts as changed', async () => {
  const { shared, client, server, end } = start()
  shared.catalog = CATALOG
  client.send(front.query('CREATE VIEW x AS SELECT 1'))
  await server.on('Q')
  server.hangUp()
  await end
  expect(shared.said).toEqual(['begun', 'settled', 'names', 'close'])
})

test('a prepared statement is judged by what names mean when it runs', async () => {
  const harness = start()
  const { shared, client, server } = harness
  shared.catalog = CATALOG
  client.send(front.parse('s', 'SELECT * FROM t'), front.sync())
  await server.on('PS', back.parseComplete(), back.ready())
  await client.until('Z')
  shared.catalog = { ...CATALOG, version: '2', meanings: { ...meanings, relation: () => ['it is a view now'] } }
  client.send(front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('BES')
  expect(standing(harness)).toBe('opaque')
})

test.each([
  ['one of the server', [23], 'clear'],
  ['one that somebody defined', [23, 16_384], 'opaque'],
] as const)('a parameter of a type counts, %s: its values are read by what that type runs', async (_, types, found) => {
  const harness = start()
  const { shared, client, server, gate } = harness
  shared.catalog = CATALOG
  client.send(front.parse('s', 'SELECT $1', types), front.sync())
  await server.on('PS', back.parseComplete(), back.ready())
  await client.until('Z')
  expect(standing(harness)).toBe(found)
  shared.catalog = { ...CATALOG, version: '2' }
  client.send(front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('BES', back.bindComplete(), back.complete('SELECT 0'), back.ready())
  await client.until('Z')
  expect([standing(harness), gate.decided.at(-1)?.effect]).toEqual([found, found === 'clear' ? 'read' : 'write'])
})

test('so it does where SQL runs what the protocol prepared', async () => {
  const harness = start()
  const { shared, client, server } = harness
  shared.catalog = CATALOG
  client.send(front.parse('s', 'SELECT $1', [16_384]), front.sync())
  await server.on('PS', back.parseComplete(), back.ready())
  await client.until('Z')
  client.send(front.query('EXECUTE s(1)'))
  await server.on('Q')
  expect(standing(harness)).toBe('opaque')
})
