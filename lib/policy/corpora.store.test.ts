import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ATTACKS, HONEST, SETUP } from '../../e2e/corpora/cases'
import { connect, type Sql } from '../db/client'
import { LIMITS } from '../domain/limits'
import type { Catalog } from '../sql/catalog'
import { catalogQuery } from '../sql/catalog/query'
import { readCatalog } from '../sql/catalog/read-catalog'
import { createFactsOf } from '../sql/facts'
import { nameSpace } from './name-space'
import { STARTER_POLICIES } from './starter'
import { brief, loaded, operation, policy, session } from './testing/judging'

const ONLY_READS = policy(`@reason("Agents only read here.")
forbid (principal is Agent, action == Action::"execute", resource)
unless { context has sql && context.sql.readOnly };`)
const NAME = 'corpora_of_policies'
const ROLES = 'agent, dba, ro, gw, repl'

const factsOf = await createFactsOf(LIMITS)
const starter = loaded(...STARTER_POLICIES)
const onlyReads = loaded(...STARTER_POLICIES, ONLY_READS)
let server: Sql
let catalog: Catalog

beforeAll(async () => {
  const url = new URL(inject('storeServer'))
  server = connect(url.href, { max: 1, applicationName: 'test' })
  await server.unsafe(`DROP DATABASE IF EXISTS ${NAME}`)
  await server.unsafe(`CREATE DATABASE ${NAME} TEMPLATE template0`)
  url.pathname = `/${NAME}`
  const target = connect(url.href, { max: 1, applicationName: 'test' })
  await target.unsafe(SETUP).simple()
  const results = (await target.unsafe(catalogQuery(180_000)).simple()) as unknown as { item: unknown }[][]
  const items = results.flatMap((rows) => rows.map(({ item }) => JSON.stringify(item)))
  catalog = await readCatalog(items, null, async () => undefined)
  await target.end()
})

afterAll(async () => {
  await server.unsafe(`DROP DATABASE ${NAME}`)
  await server.unsafe(`DROP ROLE ${ROLES}`)
  await server.end()
})

/** One statement, with all that a listener knows of that database. */
const asked = (sql: string) =>
  operation(sql, {
    facts: factsOf(sql, { catalog, strings: 'standard', encoding: 'utf8' }),
    names: nameSpace(['public'], { version: catalog.version, schemasOf: (relation) => catalog.schemasOf(relation) }),
  })

describe.each(['agent', 'service', 'person'] as const)('honest work of %s goes through the starter set:', (kind) => {
  test.each(HONEST)('$id $sql', ({ sql }) => {
    expect(brief(starter.judge(session(kind))(asked(sql)))).toBe('allow')
  })
})

test.each(ATTACKS.filter(({ blockedBy }) => blockedBy === 'starter'))(
  'an agent’s $id, $technique, waits or is refused under the starter set',
  ({ blocked }) => {
    expect(brief(starter.judge(session('agent'))(asked(blocked)))).not.toBe('allow')
  },
)

test.each(ATTACKS.filter(({ blockedBy }) => blockedBy !== 'handshake'))(
  '$id, $technique, is refused to an agent that may only read',
  ({ blocked }) => {
    expect(brief(onlyReads.judge(session('agent'))(asked(blocked)))).toMatch(/^deny|hold starter-admin/)
  },
)
