import { expect, test } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import { asInstalled } from '#lib/sql/catalog'
import { createFactsOf } from '#lib/sql/facts'
import { back, front } from './testing/messages'
import { NO_CATALOG } from './testing/no-catalog'
import { type Harness, startSession } from './testing/session-harness'

const factsOf = await createFactsOf(LIMITS)

function start(limits = {}): Harness {
  return startSession({ factsOf, limits, catalog: { ...NO_CATALOG, catalog: asInstalled('1'), isNew: true } })
}

async function run({ client, server }: Harness, text: string, ...answers: Buffer[]): Promise<void> {
  client.send(front.query(text))
  await server.on('Q', ...(answers.length > 0 ? answers : [back.complete('X'), back.ready('T')]))
  await client.until('Z')
}

const last = ({ gate }: Harness) => gate.decided.at(-1)?.facts?.facts

test('EXECUTE is judged by what it runs', async () => {
  const harness = start()
  await run(harness, 'PREPARE q AS DELETE FROM t')
  await run(harness, 'EXECUTE q')
  expect(last(harness)).toMatchObject({ standing: 'clear', writes: ['t'], unfiltered: ['delete'] })
  expect(last(harness)?.kinds).toContain('delete')
  expect(harness.gate.decided.at(-1)?.text).toBe('EXECUTE q')
})

test('so is FETCH', async () => {
  const harness = start()
  await run(harness, 'DECLARE c CURSOR FOR SELECT nextval($$s$$)')
  await run(harness, 'FETCH 1 FROM c')
  expect(last(harness)).toMatchObject({ readOnly: false })
  expect(last(harness)?.functions).toContain('nextval')
})

test.each<[string, (harness: Harness) => Promise<void>]>([
  ['never prepared here', async () => undefined],
  [
    'prepared by a text that failed',
    (harness) => run(harness, 'PREPARE q AS SELECT 1', back.error('42P05'), back.ready()),
  ],
  [
    'dropped',
    async (harness) => {
      await run(harness, 'PREPARE q AS SELECT 1')
      await run(harness, 'DEALLOCATE q')
    },
  ],
  [
    'dropped with all others',
    async (harness) => {
      await run(harness, 'PREPARE q AS SELECT 1')
      await run(harness, 'DISCARD ALL')
    },
  ],
  [
    'prepared before code ran that may have prepared it anew',
    async (harness) => {
      await run(harness, 'PREPARE q AS SELECT 1')
      await run(harness, "DO $$ BEGIN EXECUTE 'DEALLOCATE q'; END $$")
    },
  ],
  [
    'closed by the protocol',
    async (harness) => {
      await run(harness, 'PREPARE q AS SELECT 1')
      harness.client.send(front.close('S', 'q'), front.sync())
      await harness.server.on('CS', back.closeComplete(), back.ready())
      await harness.client.until('Z')
    },
  ],
])('EXECUTE of what was %s is opaque', async (_, before) => {
  const harness = start()
  await before(harness)
  await run(harness, 'EXECUTE q')
  expect(last(harness)?.standing).toBe('opaque')
})

test('EXECUTE of what the protocol prepared is judged by that', async () => {
  const harness = start()
  harness.client.send(front.parse('q', 'UPDATE t SET x = $1 -- all'), front.sync())
  await harness.server.on('PS', back.parseComplete(), back.ready())
  await harness.client.until('Z')
  await run(harness, 'EXECUTE q(1)')
  expect(last(harness)).toMatchObject({ standing: 'clear', unfiltered: ['update'] })
})

test('FETCH from a portal of the protocol is judged by that', async () => {
  const harness = start()
  const { client, server } = harness
  await run(harness, 'BEGIN')
  client.send(front.parse('', 'SELECT pg_sleep(1)'), front.bind({ portal: 'pp' }), front.sync())
  await server.on('PBS', back.parseComplete(), back.bindComplete(), back.ready('T'))
  await client.until('Z')
  await run(harness, 'FETCH ALL FROM pp')
  expect(last(harness)).toMatchObject({ standing: 'clear', readOnly: false, functions: ['pg_sleep'] })
})

test('a name that the protocol took over means what the protocol says', async () => {
  const harness = start()
  const { client, server } = harness
  await run(harness, 'PREPARE q AS SELECT 1')
  client.send(front.close('S', 'q'), front.parse('q', 'DELETE FROM t'), front.sync())
  await server.on('CPS', back.closeComplete(), back.parseComplete(), back.ready())
  await client.until('Z')
  await run(harness, 'EXECUTE q')
  expect(last(harness)?.kinds).toContain('delete')
})

test('EXECUTE waits for what is under way and may prepare its name anew', async () => {
  const harness = start()
  const { client, server, gate } = harness
  await run(harness, 'PREPARE q AS SELECT 1')
  client.send(front.query('DEALLOCATE q; PREPARE q AS DELETE FROM t'), front.query('EXECUTE q'))
  await server.on('QH')
  expect(gate.decided).toHaveLength(2)
  server.send(back.complete('DEALLOCATE'), back.complete('PREPARE'), back.ready())
  await server.on('Q')
  expect(last(harness)?.kinds).toContain('delete')
})

test('EXECUTE through the extended protocol is judged when it runs', async () => {
  const harness = start()
  const { client, server } = harness
  await run(harness, 'PREPARE q AS SELECT 1')
  client.send(front.parse('e', 'EXECUTE q'), front.sync())
  await server.on('PS', back.parseComplete(), back.ready())
  await client.until('Z')
  await run(harness, 'DEALLOCATE q')
  await run(harness, 'PREPARE q AS DELETE FROM t')
  client.send(front.bind({ statement: 'e' }), front.execute(), front.sync())
  await server.on('BES')
  expect(last(harness)?.kinds).toContain('delete')
})

test('what an EXECUTE does is looked at again once it ran, by what it runs', async () => {
  const harness = start()
  await run(harness, 'PREPARE q AS SELECT f()')
  await run(harness, 'SELECT 1')
  const asked = harness.server.asked.length
  await run(harness, 'EXECUTE q')
  await run(harness, 'SELECT 1')
  expect(harness.server.asked.length).toBeGreaterThan(asked)
})

test.each([
  ['one less than', 1, 'clear'],
  ['exactly', 2, 'clear'],
  ['one more than', 3, 'opaque'],
])('%s the limit of prepared statements is remembered', async (_, count, standing) => {
  const harness = start({ preparedStatements: 2 })
  for (let index = 1; index <= count; index++) await run(harness, `PREPARE q${index} AS INSERT INTO t VALUES (1)`)
  await run(harness, `EXECUTE q${count}`)
  expect(last(harness)?.standing).toBe(standing)
})
