import { asc } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyVersions } from '../../db/schema/policies'
import { STARTER_POLICIES } from '../../policy/starter'
import { loadPolicySet } from '../gateway/policy-set'
import { createWorld, type World } from '../testing/world'
import { checkPolicy } from './check'
import { POLICY_LIMITS } from './check-documents'
import { deletePolicy } from './delete'
import { installStarterPolicies } from './install-starter'
import { listPolicies } from './list'
import { listPolicyVersions, readPolicyVersion } from './list-versions'
import { readPolicy } from './read'
import { savePolicy } from './save'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const failure = (code: string, field?: string) => expect.objectContaining({ code, ...(field && { field }) })
/** Ids of policies are unique over the set. */
const PERMIT = 'permit (principal, action, resource);'
const FORBID = '@reason("no")\nforbid (principal, action, resource);'
const save = (name: string, text = PERMIT, version: number | null = null, ctx = world.as.admin) =>
  savePolicy({ ctx, input: { name, text, version } })
const setOf = async () => loadPolicySet(world.store.proxy.db)

describe('saving policies', () => {
  it('puts a new set in force, keeps the one before, is recorded and told to workers', async () => {
    const before = await setOf()
    const heard: string[] = []
    const control = await world.store.owner.sql.listen('sallyport_control', (payload) => heard.push(payload))
    const saved = await save('first')
    expect(saved).toMatchObject({
      name: 'first',
      version: 1,
      setVersion: before.version + 1,
      updatedBy: { name: 'admin' },
    })
    expect(await setOf()).toEqual({ version: before.version + 1, documents: [{ name: 'first', text: PERMIT }] })
    const signal = JSON.stringify({ kind: 'policies-changed', version: saved.setVersion })
    await expect.poll(() => heard).toEqual([signal])
    await control.unlisten()
    expect((await world.audited('policy.create'))[0]).toMatchObject({
      targetId: 'first',
      detail: { set: saved.setVersion },
    })
    const changed = await save('first', FORBID, 1)
    expect(changed).toMatchObject({ version: 2, setVersion: saved.setVersion + 1 })
    const old = await readPolicyVersion({ ctx: world.as.engineer, input: { version: saved.setVersion } })
    expect(old.documents).toEqual([{ name: 'first', text: PERMIT }])
    const gone = await deletePolicy({ ctx: world.as.admin, input: { name: 'first' } })
    expect(await setOf()).toEqual({ version: gone.setVersion, documents: [] })
    const { items } = await listPolicyVersions({ ctx: world.as.auditor, input: { limit: 3 } })
    expect(items.map(({ changes }) => changes.map(({ action }) => action))).toEqual([
      ['delete'],
      ['update'],
      ['create'],
    ])
  })

  it('changes nothing when nothing differs', async () => {
    const { setVersion } = await save('same')
    expect(await save('same', PERMIT, 1)).toMatchObject({ version: 1, setVersion })
  })

  it('has one winner when two admins change the same version, and no gaps when they change different ones', async () => {
    await save('raced')
    const results = await Promise.allSettled(Array.from({ length: 5 }, (_, i) => save('raced', `${PERMIT} // ${i}`, 1)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await Promise.all(Array.from({ length: 5 }, (_, i) => save(`many-${i}`)))
    const rows = await world.store.owner.db.select().from(policyVersions).orderBy(asc(policyVersions.version))
    expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1))
  })

  it.each([
    ['a taken name', 'same', null, failure('conflict', 'name')],
    ['a version of what is not there', 'not-there', 1, failure('not_found')],
    ['an old version', 'raced', 1, failure('conflict')],
    ['a name with a slash', 'a/b', null, failure('invalid_input', 'name')],
  ])('refuses %s', async (_, name, version, error) => {
    await expect(save(name, `${FORBID} // x`, version)).rejects.toEqual(error)
  })

  it.each([
    ['what is no Cedar', 'permit (principal', /^wrong:1:\d+: /],
    [
      'what the schema does not know',
      `${PERMIT}\npermit (principal, action, resource) when { context.nothing };`,
      /^wrong:2:45: /,
    ],
    ['a forbid without a reason', 'forbid (principal, action, resource);', /^wrong:1: a forbid needs @reason/],
    [
      'a hold that no approval lifts',
      '@hold("role:approver") @reason("x") forbid (principal, action, resource);',
      /^wrong:1: approval must lift it/,
    ],
    [
      'an id that there is already',
      '@id("same") permit (principal, action, resource);',
      /^wrong:1: there is a policy same/,
    ],
  ])('refuses %s, with document, line and reason, and the set stays', async (_, text, message) => {
    const before = await setOf()
    const problem = expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) })
    await expect(save('wrong', text)).rejects.toEqual(problem)
    const { problems } = await checkPolicy({ ctx: world.as.engineer, input: { name: 'wrong', text } })
    expect(problems[0]).toMatchObject({ document: 'wrong', line: expect.any(Number) })
    expect(await setOf()).toEqual(before)
  })

  it('shows what is in a document', async () => {
    const text = `${PERMIT}\n@hold("dbas")\n@quorum("2")\n@alert("critical")\n@reason("look")\nforbid (principal, action, resource) unless { context.approvedBy.contains("dbas") };`
    expect((await save('outlined', text)).policies).toEqual([
      { id: 'outlined', line: 1, effect: 'permit', reason: '', hold: null, alert: null },
      ...[
        {
          id: 'outlined.2',
          line: 2,
          effect: 'forbid',
          reason: 'look',
          hold: { group: 'dbas', quorum: 2 },
          alert: 'critical',
        },
      ],
    ])
  })

  it('refuses a document that is too long', async () => {
    const text = (bytes: number) => `${PERMIT}${' '.repeat(bytes - PERMIT.length)}`
    await expect(save('long', text(POLICY_LIMITS.documentBytes + 1))).rejects.toEqual(failure('invalid_input', 'text'))
    expect((await save('long', text(POLICY_LIMITS.documentBytes))).version).toBe(1)
  })

  it('only for admins and the operator; every role reads', async () => {
    expect((await save('operated', PERMIT, null, world.operator)).updatedBy.name).toBe('operator')
    for (const person of ['approver', 'auditor', 'engineer', 'outsider'] as const) {
      const ctx = world.as[person]
      await expect(save('mine', PERMIT, null, ctx)).rejects.toEqual(failure('forbidden'))
      await expect(deletePolicy({ ctx, input: { name: 'same' } })).rejects.toEqual(failure('forbidden'))
    }
    expect((await listPolicies({ ctx: world.as.engineer, input: {} })).items.map(({ name }) => name)).toContain('same')
    expect(await readPolicy({ ctx: world.as.engineer, input: { name: 'same' } })).toMatchObject({ text: PERMIT })
    expect(await checkPolicy({ ctx: world.as.engineer, input: { name: 'same', text: FORBID } })).toEqual({
      problems: [],
    })
    const ctx = world.as.outsider
    for (const refused of [
      listPolicies({ ctx, input: {} }),
      readPolicy({ ctx, input: { name: 'same' } }),
      checkPolicy({ ctx, input: { name: 'same', text: FORBID } }),
      listPolicyVersions({ ctx, input: {} }),
      readPolicyVersion({ ctx, input: { version: 1 } }),
    ])
      await expect(refused).rejects.toEqual(failure('forbidden'))
  })
})

describe('the starter set', () => {
  it('is installed once, by Sallyport alone, however many hosts start at the same moment', async () => {
    const fresh = await createWorld()
    await expect(installStarterPolicies(fresh.as.admin)).rejects.toEqual(failure('forbidden'))
    await Promise.all([1, 2, 3].map(() => installStarterPolicies(fresh.system)))
    expect(await loadPolicySet(fresh.store.proxy.db)).toMatchObject({ version: 1, documents: STARTER_POLICIES })
    await deletePolicy({ ctx: fresh.as.admin, input: { name: 'starter-access' } })
    await installStarterPolicies(fresh.system)
    expect(await loadPolicySet(fresh.store.proxy.db)).toMatchObject({
      version: 2,
      documents: STARTER_POLICIES.slice(1),
    })
    await fresh.close()
  })
})
