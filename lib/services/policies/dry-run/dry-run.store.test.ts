import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { principals } from '../../../db/schema/principals'
import type { ConnectionId } from '../../../domain/ids'
import type { SqlFacts } from '../../../domain/sql-facts'
import { dryRunner } from '../../../dry-run/dry-run-runner'
import { createConnection } from '../../connections/create'
import { writeCatalog } from '../../gateway/catalogs'
import { createAgent } from '../../principals/create-agent'
import { toPrincipal } from '../../principals/to-principal'
import { recordSession, type StatementDraft } from '../../testing/recording'
import { createWorld, type World } from '../../testing/world'
import { explainDecision } from '../explain'
import { installStarterPolicies } from '../install-starter'
import { listPolicies } from '../list'
import { dryRunPolicies, type dryRunPoliciesInput } from './dry-run'

let world: World
let agent: ReturnType<typeof toPrincipal>
const DAY_MS = 24 * 60 * 60_000

beforeAll(async () => {
  world = await createWorld()
  await installStarterPolicies(world.system)
  const input = { name: 'autogen', ownerEmail: 'engineer@example.com', groups: ['agents'] }
  const { id } = await createAgent({ ctx: world.as.admin, input })
  const [row] = await world.store.owner.db
    .select()
    .from(principals)
    .where(eq(principals.id, id as `pri_${string}`))
  if (row === undefined) throw new Error('no agent')
  agent = toPrincipal(row)
  const connection = { name: 'shop', protocol: 'postgres' as const, address: 'db:5432', access: ['agents'] }
  const settings = { database: 'shop', user: 'app' }
  await createConnection({ ctx: world.as.admin, input: { connection: { ...connection, settings } } })
})
afterAll(() => world.close())

/** What is known of `drop table x`, `insert into x` and `select * from x` where the catalog is known. */
function factsOf(text: string): SqlFacts {
  const [verb = '', , name = ''] = text.split(' ')
  const kind = verb === 'select' ? 'select' : verb === 'drop' ? 'drop' : 'insert'
  return {
    ...{ standing: 'clear', readOnly: kind === 'select', kinds: [kind], statements: 1, columns: [], functions: [] },
    ...{ reads: kind === 'select' ? [name] : [], writes: kind === 'select' ? [] : [name], unknownFunctions: [] },
    ...{ unfiltered: [], objects: kind === 'drop' ? ['table'] : [], settings: [] },
  }
}
const judged = (text: string, change: Partial<StatementDraft> = {}): StatementDraft => ({
  text,
  facts: factsOf(text),
  ...change,
})
const record = (statements: StatementDraft[], at = Date.now() - 60_000, connection = 'shop') =>
  recordSession(world.store, { principal: agent, owner: world.as.engineer.actor.principal, statements, at, connection })
const dryRun = (input: z.input<typeof dryRunPoliciesInput> = {}, ctx = world.as.admin) => dryRunPolicies({ ctx, input })
const BUILT = join(import.meta.dirname, '../../../../node_modules/.cache/sallyport-test')
/** An admin whose dry runs are done in a thread. */
const threaded = () => ({
  ...world.as.admin,
  random: world.as.admin.random,
  dryRunner: dryRunner(world.store.url('portal'), join(BUILT, 'dry-run-thread.js')),
})
const failure = (code: string, field?: string) => expect.objectContaining({ code, ...(field && { field }) })

const NO_ORDERS = {
  name: 'no-orders',
  text: '@reason("no") forbid (principal, action, resource) when { context has sql && context.sql.writes.contains("orders") };',
}

describe('a dry run over recorded traffic', () => {
  beforeAll(async () => {
    await record([
      judged('select from orders'),
      judged('insert into orders values (1)'),
      judged('drop table orders'),
      judged('drop table orders'),
      judged('drop table other', { decided: 'hold' }),
      { text: 'select 1' },
      judged('drop table prepared', { type: 'prepare' }),
    ])
    await record([judged('drop table orders')], Date.now() - 2 * DAY_MS)
    await record([judged('drop table old')], Date.now() - 10 * DAY_MS)
    await record([judged('drop table elsewhere')], Date.now() - 60_000, 'elsewhere')
  })

  it('says what the policies in force would have said, and where that differs from what was decided', async () => {
    const result = await dryRun({ connection: 'shop' })
    expect(result).toMatchObject({
      ...{ judged: 7, notJudged: 1, complete: true, effects: { allow: 3, hold: 4, deny: 0 } },
      changes: [{ from: 'allow', to: 'hold', statements: 3 }],
      policies: expect.arrayContaining([{ policy: 'starter-agents-destroy', effect: 'hold', statements: 4 }]),
    })
    expect(result.groups[0]).toMatchObject({
      ...{ principal: { name: 'autogen' }, connection: 'shop', effect: 'hold', policies: ['starter-agents-destroy'] },
      ...{ statements: 4, changed: 3 },
    })
    expect(result.groups[0]?.samples.map(({ text, before }) => [text, before]).sort()).toEqual([
      ['drop table orders', 'allow'],
      ['drop table other', 'hold'],
    ])
  })

  it('counts identical statements within the life of a review once, as votes a day', async () => {
    // Two texts today, one of them also two days ago: three reviews in two days.
    expect((await dryRun({ connection: 'shop' })).approvalsPerDay).toBe(1.5)
  })

  it('judges a change before it is saved, and saves nothing', async () => {
    const { setVersion } = await listPolicies({ ctx: world.as.admin, input: {} })
    const result = await dryRun({ documents: [NO_ORDERS], connection: 'shop' })
    expect(result.effects).toEqual({ allow: 2, hold: 1, deny: 4 })
    expect(result.policies).toContainEqual({ policy: 'no-orders', effect: 'deny', statements: 4 })
    const without = await dryRun({ documents: [{ name: 'starter-agents', text: null }], connection: 'shop' })
    expect(without.effects).toEqual({ allow: 7, hold: 0, deny: 0 })
    const none = ['starter-access', 'starter-agents', 'starter-everybody'].map((name) => ({ name, text: null }))
    expect((await dryRun({ documents: none, connection: 'shop' })).effects).toEqual({ allow: 0, hold: 0, deny: 7 })
    expect((await listPolicies({ ctx: world.as.admin, input: {} })).setVersion).toBe(setVersion)
  })

  it('finds relations in the schemas where a proxy last saw them', async () => {
    const connection = { name: 'named', protocol: 'postgres' as const, address: 'db:5432', access: ['agents'] }
    const settings = { database: 'shop', user: 'app' }
    const made = await createConnection({ ctx: world.as.admin, input: { connection: { ...connection, settings } } })
    const place = { connectionId: made.id as ConnectionId, connectionVersion: made.version, database: 'shop' }
    const owner = world.as.engineer.actor.principal
    const statements = [judged('select from orders')]
    await recordSession(world.store, { principal: agent, owner, statements, ...place, connection: 'named' })
    const text = NO_ORDERS.text.replace('writes.contains("orders")', 'reads.contains("public.orders")')
    const denied = async () =>
      (await dryRun({ documents: [{ name: 'no-orders', text }], connection: 'named' })).effects.deny
    expect(await denied()).toBe(1)
    const snapshot = ['["general",150000,"UTF8"]', '["relation",20000,"app","orders","r",0,[],[],[],null,null]']
    await writeCatalog(world.store.proxy.db, { ...place, snapshot })
    expect(await denied()).toBe(0)
  })

  it('goes back as far as asked, over all connections or one', async () => {
    const judgedIn = async (input: z.input<typeof dryRunPoliciesInput>) => (await dryRun(input)).judged
    expect([await judgedIn({ days: 1 }), await judgedIn({}), await judgedIn({ days: 30 })]).toEqual([8, 9, 10])
    expect(await judgedIn({ connection: 'elsewhere' })).toBe(1)
  })

  it('refuses what would not stand, and is for those who may look at recordings', async () => {
    const wrong = { name: 'wrong', text: 'forbid (principal, action, resource);' }
    await expect(dryRun({ documents: [wrong] })).rejects.toEqual(failure('invalid_input', 'text'))
    for (const person of ['approver', 'engineer', 'outsider'] as const)
      await expect(dryRun({}, world.as[person])).rejects.toEqual(failure('forbidden'))
    await dryRun({ days: 3, documents: [NO_ORDERS] }, world.as.auditor)
    expect((await world.audited('policy.dry-run'))[0]).toMatchObject({
      ...{ actorName: 'auditor', detail: { changed: ['no-orders'], days: 3 } },
    })
  })

  it('comes to the same in a thread of its own, one at a time', async () => {
    const entry = join(import.meta.dirname, '../../../dry-run/dry-run-thread.ts')
    const outdir = BUILT
    await build({ entryPoints: [entry], outdir, bundle: true, format: 'esm', platform: 'node', packages: 'external' })
    const ctx = threaded()
    const first = dryRun({ days: 30 }, ctx)
    await expect(new Promise((resolve) => setTimeout(resolve, 50)).then(() => dryRun({}, ctx))).rejects.toEqual(
      failure('too_many'),
    )
    const { tookMs: _, ...result } = await first
    const { tookMs: __, ...same } = await dryRun({ days: 30 })
    expect({ ...result, from: '', to: '' }).toEqual({ ...same, from: '', to: '' })
    expect((await dryRun({ days: 1 }, ctx)).judged).toBe(8)
    const broken = {
      ...ctx,
      dryRunner: dryRunner('postgres://nobody@127.0.0.1:1/x', join(BUILT, 'dry-run-thread.js')),
    }
    await expect(dryRun({}, broken)).rejects.toEqual(failure('unavailable'))
  })

  it('tells how far it is, and ends when nobody waits any more', async () => {
    const told: number[] = []
    const { judged } = await dryRunPolicies(
      { ctx: world.as.admin, input: { days: 30 } },
      { onJudged: (so) => told.push(so) },
    )
    expect(told.at(-1)).toBe(judged)
    for (const ctx of [world.as.admin, threaded()]) {
      const waiting = new AbortController()
      const cancelled = dryRunPolicies({ ctx, input: { days: 30 } }, { signal: waiting.signal })
      waiting.abort()
      await expect(cancelled).rejects.toEqual(failure('unavailable'))
      expect((await dryRunPolicies({ ctx, input: { days: 30 } })).judged).toBe(judged)
    }
  })
})

describe('explaining a decision', () => {
  const explain = (text: string, change: object = {}, ctx = world.as.admin) =>
    explainDecision({ ctx, input: { principalId: agent.id, connection: 'shop', text, ...change } })

  it('says what, by which policies and from which facts', async () => {
    const explained = await explain('drop table orders')
    expect(explained).toMatchObject({
      verdict: { effect: 'hold', demands: [{ policy: 'starter-agents-destroy', group: 'role:approver', quorum: 1 }] },
      determining: [{ id: 'starter-agents-destroy', document: 'starter-agents', hold: { group: 'role:approver' } }],
      ...{ approved: { effect: 'allow' }, facts: { kinds: ['drop'], writes: ['orders'] }, mayConnect: true },
    })
    expect(await explain('drop table orders', { approvedBy: ['role:approver'] })).toMatchObject({
      verdict: { effect: 'allow' },
    })
    expect(await explain('drop database shop')).toMatchObject({ verdict: { effect: 'deny' }, approved: null })
    expect(await explain('call p()')).toMatchObject({
      facts: { standing: 'opaque' },
      because: expect.arrayContaining([expect.any(String)]),
    })
  })

  it('judges a change before it is saved', async () => {
    const documents = [NO_ORDERS]
    expect((await explain('insert into orders values (1)', { documents })).verdict.effect).toBe('deny')
    expect((await explain('insert into orders values (1)')).verdict.effect).toBe('allow')
  })

  it('is for oneself and one’s agents without a role that sees others, and for what one may see', async () => {
    const own = { principalId: undefined }
    expect(await explain('select 1', own, world.as.engineer)).toMatchObject({
      verdict: { effect: 'allow' },
      mayConnect: false,
    })
    expect(await explain('select 1', {}, world.as.engineer)).toMatchObject({ mayConnect: true })
    const other = { principalId: world.as.admin.actor.principal.id }
    await expect(explain('select 1', other, world.as.engineer)).rejects.toEqual(failure('not_found'))
    await expect(explain('select 1', { connection: 'none' })).rejects.toEqual(failure('not_found'))
    await expect(explain('select 1', own, world.as.outsider)).rejects.toEqual(failure('forbidden'))
  })
})
