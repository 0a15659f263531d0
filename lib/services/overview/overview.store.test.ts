import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudit } from '../audit/list'
import { authorizeTopic } from '../live/authorize-topic'
import { openLiveHub } from '../live/hub'
import { approveReview } from '../reviews/approve'
import { listRoles } from '../roles/list'
import { resolveRoles } from '../roles/resolve'
import { setRole } from '../roles/set'
import { listRuns } from '../runs/list'
import { readRun } from '../runs/read'
import { readSession } from '../sessions/read'
import { notifyLive } from '../signals/notify'
import { holdOperations } from '../testing/held'
import { recordSession } from '../testing/recording'
import { createWorld, type World } from '../testing/world'
import { mintToken } from '../tokens/mint'
import { readOverview } from './read'

let world: World
let engineers: `ses_${string}`
let auditors: `ses_${string}`
beforeAll(async () => {
  world = await createWorld()
  const { principal } = world.as.engineer.actor
  const statements = [
    { text: 'select 1' },
    { text: 'drop', status: 'refused' as const },
    { text: 'x', status: 'error' as const },
    { text: 'SHOW role', own: true as const },
  ]
  engineers = await recordSession(world.store, { principal, owner: principal, statements, perBatch: 2 })
  const other = world.as.auditor.actor.principal
  auditors = await recordSession(world.store, {
    principal: other,
    owner: other,
    statements: [{ text: 'a' }],
    live: true,
  })
})
afterAll(() => world.close())

const failure = (code: string) => expect.objectContaining({ code })

describe('the overview', () => {
  it('counts what the reader may see, minute by minute', async () => {
    const all = await readOverview({ ctx: world.as.admin, input: {} })
    expect(all.live).toMatchObject({ sessions: 1, people: 1, agents: 0 })
    expect(all.refusals.map(({ id }) => id)).toEqual([engineers])
    expect(all.lanes).toHaveLength(60)
    const sum = (key: 'operations' | 'refused' | 'failed') => all.lanes.reduce((total, lane) => total + lane[key], 0)
    expect([sum('operations'), sum('refused'), sum('failed')]).toEqual([4, 1, 1])
    const own = await readOverview({ ctx: world.as.engineer, input: {} })
    expect(own.live.sessions).toBe(0)
    expect(own.lanes.reduce((total, lane) => total + lane.operations, 0)).toBe(3)
    const nobody = await readOverview({ ctx: world.as.outsider, input: {} })
    expect([nobody.live.sessions, nobody.refusals.length, nobody.today.operations]).toEqual([0, 0, 0])
  })

  it('ticks the first steps off as they are done', async () => {
    const done = async () => {
      const { checklist } = await readOverview({ ctx: world.as.engineer, input: {} })
      return checklist.filter((item) => item.done).map(({ step }) => step)
    }
    expect(await done()).toEqual(['session'])
    await mintToken({ ctx: world.as.engineer, input: {} })
    await readSession({ ctx: world.as.engineer, input: { id: engineers } })
    expect(await done()).toEqual(['token', 'session', 'replay'])
    const steps = (await readOverview({ ctx: world.as.admin, input: {} })).checklist.map(({ step }) => step)
    expect(steps).toEqual(['connection', 'test', 'agent', 'token', 'session', 'approval', 'replay'])
  })

  it('counts what waits for a decision, for whoever may see it, and ticks the first approval off', async () => {
    const held = await holdOperations(world)
    const id = await held.hold()
    const overviewOf = (who: 'approver' | 'engineer' | 'outsider') => readOverview({ ctx: world.as[who], input: {} })
    const { held: waiting, lanes } = await overviewOf('approver')
    expect(waiting).toEqual({ waiting: 1, nextExpiresAt: expect.stringMatching(/Z$/) })
    expect(lanes.reduce((total, lane) => total + lane.held, 0)).toBe(1)
    expect((await overviewOf('engineer')).held.waiting).toBe(1)
    expect((await overviewOf('outsider')).held).toEqual({ waiting: 0, nextExpiresAt: null })
    const ticked = async () => (await overviewOf('engineer')).checklist.find(({ step }) => step === 'approval')?.done
    expect(await ticked()).toBe(false)
    await approveReview({ ctx: world.as.approver, input: { id } })
    expect((await overviewOf('approver')).held.waiting).toBe(0)
    expect(await ticked()).toBe(true)
  })
})

describe('roles', () => {
  it('come from groups, set by admins and audited', async () => {
    await setRole({ ctx: world.as.admin, input: { role: 'auditor', groups: ['watchers', 'watchers'] } })
    await setRole({ ctx: world.as.admin, input: { role: 'auditor', groups: ['eyes'] } })
    const db = world.store.portal.db
    const roles = async (groups: string[], adminGroups: string[] = []) => [
      ...(await resolveRoles({ db, groups, adminGroups })),
    ]
    expect(await roles(['watchers'])).toEqual([])
    expect(await roles(['eyes', 'x'])).toEqual(['auditor'])
    expect(await roles(['x'], ['x'])).toEqual(['admin'])
    expect(await roles([], [''])).toEqual([])
    expect((await world.audited('role.set'))[0]?.detail).toEqual({ before: ['watchers'], after: ['eyes'] })
    expect((await listRoles({ ctx: world.as.auditor, input: {} })).items).toContainEqual({
      role: 'auditor',
      groups: ['eyes'],
    })
  })

  it.each(['approver', 'auditor', 'engineer', 'outsider'] as const)('are not for %s to give', async (person) => {
    const ctx = world.as[person]
    await expect(setRole({ ctx, input: { role: 'admin', groups: [person] } })).rejects.toEqual(failure('forbidden'))
  })
})

describe('the audit trail', () => {
  it('is for admins, auditors and the operator, and filters exactly', async () => {
    for (const ctx of [world.as.approver, world.as.engineer, world.as.outsider])
      await expect(listAudit({ ctx, input: {} })).rejects.toEqual(failure('forbidden'))
    const { items } = await listAudit({ ctx: world.as.auditor, input: { action: 'role.*' } })
    expect(items.every(({ action }) => action === 'role.set')).toBe(true)
    expect(items.length).toBeGreaterThan(0)
    expect((await listAudit({ ctx: world.operator, input: { query: '%' } })).items).toEqual([])
    await expect(listAudit({ ctx: world.as.admin, input: { action: "x' or 1=1" } })).rejects.toEqual(
      failure('invalid_input'),
    )
  })

  it('cannot be changed or removed by the portal', async () => {
    const sql = world.store.portal.sql
    await expect(sql`update audit_events set actor_name = 'nobody'`).rejects.toMatchObject({ code: '42501' })
    await expect(sql`delete from audit_events`).rejects.toMatchObject({ code: '42501' })
  })
})

describe('runs', () => {
  it('are seen by those who see sessions, and by whoever they belong to', async () => {
    const { runId } = await mintToken({ ctx: world.as.approver, input: { run: 'job 50%' } })
    const id = runId ?? ''
    for (const ctx of [world.as.auditor, world.as.approver]) {
      expect((await readRun({ ctx, input: { id } })).label).toBe('job 50%')
      expect((await listRuns({ ctx, input: { query: '50%' } })).items).toHaveLength(1)
    }
    await expect(readRun({ ctx: world.as.outsider, input: { id } })).rejects.toEqual(failure('not_found'))
    expect((await listRuns({ ctx: world.as.outsider, input: {} })).items).toEqual([])
    expect((await listRuns({ ctx: world.as.auditor, input: { query: '5_%' } })).items).toEqual([])
  })
})

describe('watching', () => {
  it('a session is for those who see it; what is not a topic is refused', async () => {
    const watch = (ctx: World['operator'], topic: string) => authorizeTopic({ ctx, input: { topic } })
    expect(await watch(world.as.admin, `session:${engineers}`)).toBe(`session:${engineers}`)
    expect(await watch(world.as.engineer, `session:${engineers}`)).toBe(`session:${engineers}`)
    await expect(watch(world.as.engineer, `session:${auditors}`)).rejects.toEqual(failure('not_found'))
    await expect(watch(world.as.outsider, 'test:tst_00000000000000000000')).rejects.toEqual(failure('not_found'))
    for (const topic of ['', 'everything', 'session:', 'sallyport_control', `session:${engineers}\nx`])
      await expect(watch(world.as.admin, topic)).rejects.toEqual(failure('invalid_input'))
  })

  it('tells every watcher of a topic, and nobody else, over one connection', async () => {
    const hub = openLiveHub(world.store.portal.sql)
    const heard: string[] = []
    const stops = ['a', 'b'].map((name) => hub.watch('sessions', () => heard.push(name)))
    hub.watch('tokens', () => heard.push('tokens'))
    await expect
      .poll(async () => {
        await notifyLive(world.store.portal.db, 'sessions')
        return heard.length
      })
      .toBeGreaterThan(1)
    expect(new Set(heard)).toEqual(new Set(['a', 'b']))
    for (const stop of stops) stop()
    const before = heard.length
    await notifyLive(world.store.portal.db, 'sessions')
    await notifyLive(world.store.portal.db, 'tokens')
    await expect.poll(() => heard.slice(before)).toEqual(['tokens'])
  })
})
