import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { connections } from '../../db/schema/connections'
import { policyVersions } from '../../db/schema/policies'
import { accessTokens, principals, roleGroups, runs } from '../../db/schema/principals'
import type { TestStore } from '../../db/testing/store'
import { systemClock } from '../../domain/clock'
import { type ConnectionId, newId, type PrincipalId, type ReviewId, type RunId, type TokenId } from '../../domain/ids'
import type { Role } from '../../domain/principal'
import type { HoldDemand, ReviewSubject } from '../../domain/review'
import type { SqlFacts } from '../../domain/sql-facts'
import type { Context } from '../context'
import type { GatewayContext } from '../gateway/gateway-context'
import { type OpenedReview, openReview, type ReviewRequest } from '../gateway/open-review'
import { policySetVersion } from '../gateway/policy-set'
import type { World } from './world'

const source = { now: () => Date.now(), random: (length: number) => randomBytes(length) }

export const DELETE_FACTS: SqlFacts = {
  ...{ standing: 'clear', readOnly: false, kinds: ['delete'], statements: 1, reads: [], writes: ['orders'] },
  ...{ columns: [], functions: [], unknownFunctions: [], unfiltered: ['delete'], objects: [], settings: [] },
}
export const APPROVERS: HoldDemand = { policy: 'hold', group: 'role:approver', quorum: 1, reason: 'destructive' }

/** An agent of the engineer with a connection, whose operations a proxy holds; judged by the policies in force, roles as the world has them. */
export interface HeldWorld {
  readonly agentId: PrincipalId
  readonly connectionId: ConnectionId
  readonly tokenId: TokenId
  readonly runId: RunId
  readonly proxy: GatewayContext
  subject(change?: Partial<ReviewSubject>): ReviewSubject
  request(change?: Partial<ReviewRequest>): ReviewRequest
  open(change?: Partial<ReviewRequest>): Promise<OpenedReview>
  /** The id of a new pending review. */
  hold(change?: Partial<ReviewRequest>): Promise<ReviewId>
  /** A request whose text is its own. */
  unlike(change?: Partial<ReviewRequest>): ReviewRequest
}

export async function holdOperations(world: Pick<World, 'store' | 'as'>): Promise<HeldWorld> {
  const { db } = world.store.owner
  const human = world.as.engineer.actor.principal.id
  const ids = await seed(db, human)
  const policyVersion = await policySetVersion(db)
  const proxy = proxyContext(world.store)
  const subject = (change: Partial<ReviewSubject> = {}): ReviewSubject => ({
    v: 1,
    ...{ principal: ids.agentId, human, run: ids.runId, connection: { id: ids.connectionId, version: 1 } },
    ...{ database: 'shop', type: 'query', text: 'delete from orders' },
    state: { searchPath: ['public'], role: 'app', sessionRole: 'app' },
    ...change,
  })
  const request = (change: Partial<ReviewRequest> = {}): ReviewRequest => ({
    ...{ subject: subject(), facts: DELETE_FACTS, demands: [APPROVERS], mode: 'wait', op: 1 },
    policyVersion,
    shape: { facts: DELETE_FACTS, fingerprint: 'f1' },
    ...{ sessionId: newId('session', source), tokenId: ids.tokenId, workerId: newId('worker', source), said: null },
    ...change,
  })
  const unlike = (change: Partial<ReviewRequest> = {}) =>
    request({
      subject: subject({ text: `delete from orders where id = '${randomBytes(8).toString('hex')}'` }),
      ...change,
    })
  return {
    ...{ ...ids, proxy, subject, request, unlike },
    open: (change) => openReview(proxy, request(change)),
    async hold(change) {
      const opened = await openReview(proxy, unlike(change))
      if (opened.kind !== 'pending') throw new Error(`not pending: ${JSON.stringify(opened)}`)
      return opened.reviewId
    },
  }
}

export function proxyContext(store: TestStore): GatewayContext {
  return { db: store.proxy.db, clock: systemClock, random: (length) => randomBytes(length) }
}

async function seed(db: Database, human: PrincipalId) {
  const agentId = newId('principal', source)
  const connectionId = newId('connection', source)
  const tokenId = newId('token', source)
  const runId = newId('run', source)
  await db.insert(principals).values({ id: agentId, kind: 'agent', name: `a-${agentId.slice(-9)}`, ownerId: human })
  await db.insert(runs).values({ id: runId, principalId: agentId, label: 'nightly' })
  const connection = { id: connectionId, name: connectionId.slice(4), protocol: 'postgres' as const }
  await db.insert(connections).values({ ...connection, host: 'db', port: 5432, access: ['agents'] })
  const token = { id: tokenId, hash: tokenId, hint: 'xxxx', principalId: agentId, createdBy: human }
  await db.insert(accessTokens).values({ ...token, expiresAt: new Date(Date.now() + 3_600_000) })
  const version = { version: 1, documents: [], changes: [], changedBy: human, changedByName: 'engineer' }
  // Several seed at once: the first one makes the version.
  await db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${policyVersions} in share row exclusive mode`)
    if ((await tx.select().from(policyVersions)).length === 0) await tx.insert(policyVersions).values(version)
  })
  const roles = ['admin', 'approver', 'auditor', 'engineer'] as const
  await db
    .insert(roleGroups)
    .values(roles.map((role) => ({ role, group: `${role}s` })))
    .onConflictDoNothing()
  return { agentId, connectionId, tokenId, runId }
}

/** Another person, with groups and roles. */
export async function enroll(
  world: Pick<World, 'store' | 'as'>,
  name: string,
  groups: readonly string[],
  roles: readonly Role[],
): Promise<Context> {
  const id = newId('principal', source)
  const person = { id, kind: 'person' as const, name, email: `${name}@example.com`, groups: [...groups] }
  await world.store.owner.db.insert(principals).values(person)
  const via = { kind: 'sign-in', signInId: newId('signIn', source) } as const
  const actor = { principal: { ...person, ownerId: null }, roles: new Set(roles), via }
  return { ...world.as.admin, random: (length) => randomBytes(length), actor }
}

/** Moves reviews and grants back in time: what a guard lets nobody do while the product runs. */
export async function age(store: TestStore, minutes: number): Promise<void> {
  await store.owner.sql.begin(async (tx) => {
    await tx`alter table reviews disable trigger guard`
    await tx`alter table grants disable trigger guard`
    const back = `${minutes} minutes`
    await tx`update reviews set expires_at = expires_at - ${back}::interval, opened_at = opened_at - ${back}::interval,
      decided_at = decided_at - ${back}::interval`
    await tx`update grants set expires_at = expires_at - ${back}::interval`
    await tx`alter table reviews enable trigger guard`
    await tx`alter table grants enable trigger guard`
  })
}
