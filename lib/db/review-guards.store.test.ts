import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReviewId } from '../domain/ids'
import { approveReview } from '../services/reviews/approve'
import { APPROVERS, age, enroll, type HeldWorld, holdOperations } from '../services/testing/held'
import { createWorld, type World } from '../services/testing/world'
import type { StoreRole } from './role-names'

/** insufficient_privilege; a guard's refusal; unique_violation. */
const [FORBIDDEN, GUARDED, TAKEN] = ['42501', '23000', '23505']

let world: World
let held: HeldWorld
/** Reviews: one that waits, one that waits for two, an approved one (once) and one that was approved for minutes. */
const ids: Record<'pending' | 'double' | 'approved' | 'granted', ReviewId> = {
  ...{ pending: 'rev_', double: 'rev_', approved: 'rev_', granted: 'rev_' },
}
const people: Record<string, string> = {}

beforeAll(async () => {
  world = await createWorld()
  held = await holdOperations(world)
  const disabled = await enroll(world, 'disabled', ['approvers'], ['approver'])
  await world.store.owner.sql`update principals set disabled_at = now() where id = ${disabled.actor.principal.id}`
  const minter = await enroll(world, 'minter', ['approvers'], ['approver'])
  await world.store.owner.sql`update access_tokens set created_by = ${minter.actor.principal.id}`
  await world.store.owner.sql`update principals set groups = '{approvers}' where name = 'engineer'`
  for (const ctx of [...Object.values(world.as), disabled, minter])
    people[ctx.actor.principal.name] = ctx.actor.principal.id
  const second = await enroll(world, 'second', ['approvers'], ['approver'])
  people.second = second.actor.principal.id
  people.agent = held.agentId
  ids.pending = await held.hold({ sessionId: 'ses_mine' })
  ids.double = await held.hold({ demands: [{ ...APPROVERS, quorum: 2 }] })
  ids.approved = await held.hold({ sessionId: 'ses_mine' })
  ids.granted = await held.hold()
  const minutes = { kind: 'minutes', minutes: 5 } as const
  await approveReview({ ctx: world.as.approver, input: { id: ids.approved } })
  await approveReview({ ctx: world.as.approver, input: { id: ids.granted, scope: minutes } })
})
afterAll(() => world.close())

/** SQLSTATE that `statement` ends with for `role`, rolled back either way; null when it would be carried out. */
async function codeOf(role: StoreRole | 'owner', ...statements: string[]): Promise<string | null> {
  const undo = new Error('rolled back')
  try {
    await world.store[role].sql.begin(async (tx) => {
      for (const statement of statements) await tx.unsafe(statement)
      throw undo
    })
  } catch (error) {
    if (error !== undo) return (error as { code?: string }).code ?? String(error)
  }
  return null
}

const vote = (review: ReviewId, voter: string | undefined, decision = 'approve', more = '') =>
  `insert into review_votes (review_id, voter_id, voter_name, via, decision, scope, reason ${more && ', groups'})
   values ('${review}', '${voter}', 'x', 'sign-in', '${decision}',
     ${decision === 'approve' ? `'{"kind":"once"}', null` : `null, 'no'`} ${more && `, ${more}`})`
const setState = (review: ReviewId, state: string) =>
  `update reviews set state = '${state}', close_reason = ${state === 'cancelled' ? `'client-gone'` : 'null'} where id = '${review}'`

describe('a stolen portal role', () => {
  test.each([
    ['approved', 'pending'],
    ['approved', 'double'],
    ['rejected', 'pending'],
    ['expired', 'pending'],
    ['rejected', 'approved'],
    ['pending', 'approved'],
    ['cancelled', 'approved'],
  ] as const)('makes nothing %s that is %s without what bears it out', async (state, name) => {
    expect(await codeOf('portal', setState(ids[name], state))).toBe(GUARDED)
  })

  test('an approval is the vote and nothing less', async () => {
    const voted = vote(ids.pending, people.approver)
    expect(await codeOf('portal', voted, setState(ids.pending, 'approved'))).toBeNull()
    expect(await codeOf('portal', voted, setState(ids.pending, 'rejected'))).toBe(GUARDED)
    expect(await codeOf('portal', vote(ids.double, people.approver), setState(ids.double, 'approved'))).toBe(GUARDED)
    const rejected = vote(ids.pending, people.second, 'reject')
    for (const before of [[rejected], [voted, rejected], [rejected, voted]])
      expect(await codeOf('portal', ...before, setState(ids.pending, 'approved'))).toBe(GUARDED)
  })

  test.each(['engineer', 'agent', 'minter', 'disabled', 'admin', 'auditor', 'outsider', 'nobody'])(
    'casts no vote of %s',
    async (voter) => {
      for (const decision of ['approve', 'reject'])
        expect(await codeOf('portal', vote(ids.pending, people[voter] ?? 'pri_none', decision))).toBe(GUARDED)
    },
  )

  test('casts no second vote of the same human, none on what is decided, none for a group of which the human is not', async () => {
    const twice = [vote(ids.double, people.approver), vote(ids.double, people.approver)]
    expect(await codeOf('portal', ...twice)).toBe(TAKEN)
    expect(await codeOf('portal', vote(ids.approved, people.approver))).toBe(GUARDED)
    const dbas = await held.hold({ demands: [{ ...APPROVERS, group: 'dbas' }] })
    expect(await codeOf('portal', vote(dbas, people.approver, 'approve', `'{dbas}'`))).toBe(GUARDED)
  })

  test('a vote says what the store knows of the voter, whatever was written', async () => {
    const [row] = await world.store.portal.sql.begin(async (tx) => {
      await tx.unsafe(vote(ids.double, people.approver, 'approve', `'{dbas,role:approver}'`))
      return tx`select voter_name, groups from review_votes where review_id = ${ids.double}`
    })
    expect(row).toMatchObject({ voter_name: 'approver', groups: ['role:approver'] })
  })

  test.each([
    `update reviews set subject = 'x'`,
    `update reviews set human_id = 'x'`,
    `update reviews set demands = '[]'`,
    `update reviews set expires_at = now() + interval '1 day'`,
    `update reviews set decided_at = now()`,
    `insert into reviews (id) values ('rev_x')`,
    `delete from reviews`,
    `insert into review_executions (review_id) values ('x')`,
    `delete from review_executions`,
    `update review_votes set decision = 'approve'`,
    `delete from review_votes`,
    `truncate review_votes cascade`,
    `alter table reviews disable trigger guard`,
    `update grants set expires_at = now() + interval '1 day'`,
    `update grants set policies = '{}'`,
    `insert into grants (id, review_id, principal_id) values ('gra_x', 'x', 'pri_x')`,
    `delete from grants`,
    `update policy_versions set documents = '[]'`,
    `delete from policy_versions`,
    `update connection_catalogs set snapshot = '{}'`,
  ])('may not: %s', async (statement) => {
    expect(await codeOf('portal', statement)).toBe(FORBIDDEN)
  })

  test.each(['pending', 'approved', 'double'] as const)('makes no grant of a review that is %s', async (name) => {
    expect(await codeOf('portal', `insert into grants (id, review_id) values ('gra_x', '${ids[name]}')`)).toBe(GUARDED)
  })

  test('makes no grant afterwards, and gives none back that was revoked', async () => {
    const grant = `insert into grants (id, review_id) values ('gra_x', '${ids.granted}')`
    await expect(world.store.portal.sql.unsafe(grant)).rejects.toMatchObject({ code: GUARDED })
    const revoke = `update grants set revoked_at = now(), revoked_by = 'x' where review_id = '${ids.granted}'`
    expect(await codeOf('portal', revoke, `update grants set revoked_at = null`)).toBe(GUARDED)
  })

  test('keeps every set of policies, in order, without gaps', async () => {
    const add = (version: number) =>
      `insert into policy_versions (version, documents, changes, changed_by, changed_by_name)
       values (${version}, '[]', '[]', 'x', 'x')`
    for (const version of [0, 1, 3, 1_000_000]) expect(await codeOf('portal', add(version))).toBe(GUARDED)
    expect(await codeOf('portal', add(2))).toBeNull()
  })
})

describe('a stolen proxy role', () => {
  const use = (review: ReviewId, session = 'ses_mine', digest = 'digest') =>
    `insert into review_executions (review_id, digest, session_id, op, worker_id, policy_version)
     select id, ${digest}, '${session}', 1, 'wrk_x', 1 from reviews where id = '${review}'`

  test.each([
    ['approved', 'pending'],
    ['rejected', 'pending'],
    ['expired', 'pending'],
    ['pending', 'approved'],
    ['cancelled', 'approved'],
  ] as const)('makes nothing %s that is %s', async (state, name) => {
    expect(await codeOf('proxy', setState(ids[name], state))).toBe(GUARDED)
  })

  test.each([
    () => vote(ids.pending, people.approver),
    () => `update review_votes set decision = 'approve'`,
    () => `delete from review_votes`,
    () => `update reviews set expires_at = now() + interval '1 day'`,
    () => `update reviews set subject = 'x'`,
    () => `update reviews set digest = ''`,
    () => `update reviews set demands = '[]'`,
    () => `insert into reviews (id, state) values ('rev_x', 'approved')`,
    () => `insert into reviews (id, expires_at) values ('rev_x', now() + interval '1 day')`,
    () => `delete from reviews`,
    () => `update review_executions set op = 2`,
    () => `delete from review_executions`,
    () => `insert into grants (id, review_id) values ('gra_x', '${ids.granted}')`,
    () => `update grants set expires_at = now() + interval '1 day'`,
    () => `update grants set revoked_at = null`,
    () => `insert into policy_versions (version) values (2)`,
    () => `insert into policy_documents (name) values ('x')`,
    () => `delete from policy_documents`,
    () => `insert into role_groups values ('approver', 'x')`,
    () => `delete from review_notices`,
  ])('may not: %s', async (statement) => {
    expect(await codeOf('proxy', statement())).toBe(FORBIDDEN)
  })

  test('uses an approval for what was approved, where it was asked, while it is good, once', async () => {
    expect(await codeOf('proxy', use(ids.pending))).toBe(GUARDED)
    expect(await codeOf('proxy', use(ids.approved, 'ses_other'))).toBe(GUARDED)
    expect(await codeOf('proxy', use(ids.approved, 'ses_mine', `sha256('x')`))).toBe(GUARDED)
    expect(await codeOf('proxy', use(ids.approved))).toBeNull()
    expect(await codeOf('proxy', use(ids.approved), use(ids.approved))).toBe(TAKEN)
  })

  const open = (change: Record<string, string>) => {
    const columns = { id: `'rev_forged'`, ...change }
    const copied = [
      ...['mode', 'subject', 'digest', 'principal_id', 'principal_name', 'principal_kind', 'human_id', 'human_name'],
      ...['run_id', 'token_id', 'session_id', 'op', 'worker_id', 'connection_id', 'connection_version'],
      ...['connection_name', 'facts', 'shape_digest', 'demands', 'policy_version'],
    ].filter((name) => !Object.hasOwn(columns, name))
    return `insert into reviews (${[...Object.keys(columns), ...copied].join(', ')})
      select ${[...Object.values(columns), ...copied].join(', ')} from reviews where id = '${ids.pending}'`
  }

  test.each<Record<string, string>>([
    { subject: `subject || ' '` },
    { digest: `sha256('x')` },
    { principal_id: `'pri_other'` },
    { human_id: `'pri_other'` },
    { run_id: 'null' },
    { connection_id: `'con_other'` },
    { connection_version: '2' },
    { demands: `'[]'` },
    { demands: `'{}'` },
    { demands: `'[{"policy":"p","group":"g","quorum":0}]'` },
    { demands: `'[{"policy":"p","group":"","quorum":1}]'` },
    { demands: `'[{"policy":"p","quorum":1}]'` },
  ])('opens no review that says %o', async (change) => {
    expect(await codeOf('proxy', open(change))).toBe(GUARDED)
    expect(await codeOf('proxy', open({}))).toBeNull()
  })

  test('adds one estimate to what is pending', async () => {
    const estimate = (id: ReviewId, rows: number) =>
      `update reviews set estimate = '{"rows":${rows}}' where id = '${id}'`
    expect(await codeOf('proxy', estimate(ids.pending, 1))).toBeNull()
    expect(await codeOf('proxy', estimate(ids.pending, 1), estimate(ids.pending, 2))).toBe(GUARDED)
    expect(await codeOf('proxy', estimate(ids.approved, 1))).toBe(GUARDED)
  })
})

test('neither recorder nor retention touches any of it', async () => {
  for (const role of ['recorder', 'retention'] as const)
    for (const table of [
      'reviews',
      'review_votes',
      'review_executions',
      'grants',
      'policy_versions',
      'policy_documents',
    ])
      for (const statement of [`select * from ${table}`, `delete from ${table}`, `insert into ${table} default values`])
        expect(await codeOf(role, statement), `${role}: ${statement}`).toBe(FORBIDDEN)
})

test('not even the owner rewrites a vote, an execution or a set of policies without taking the guard off first', async () => {
  expect(await codeOf('owner', `update review_votes set decision = 'reject'`)).toBe(FORBIDDEN)
  expect(await codeOf('owner', `update policy_versions set documents = '[]'`)).toBe(FORBIDDEN)
  expect(await codeOf('owner', setState(ids.pending, 'approved'))).toBe(GUARDED)
})

test('what is over is over for everybody', async () => {
  await age(world.store, 15)
  expect(await codeOf('portal', vote(ids.pending, people.approver))).toBe(GUARDED)
  expect(await codeOf('proxy', setState(ids.pending, 'expired'))).toBeNull()
  expect(
    await codeOf(
      'proxy',
      `insert into review_executions (review_id, digest, session_id, op, worker_id, policy_version)
       select id, digest, session_id, 1, 'wrk_x', 1 from reviews where id = '${ids.approved}'`,
    ),
  ).toBe(GUARDED)
})
