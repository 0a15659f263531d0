import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { policyVersions } from '#lib/db/schema/policies'
import { sessions } from '#lib/db/schema/sessions'
import { systemClock } from '#lib/domain/clock'
import { newId, type ReviewId } from '#lib/domain/ids'
import { LIMITS } from '#lib/domain/limits'
import { readReviewOutcomes } from '#lib/services/gateway/read-review-outcomes'
import { type HeldWorld, holdOperations } from '#lib/services/testing/held'
import { createWorld, type World } from '#lib/services/testing/world'
import { silentLog } from '../core/testing/fake-parts'
import { StorePolicies } from './policies'
import { closeStaleTickets } from './stale-tickets'
import { ids } from './testing/seeded-store'

const PERMIT = 'permit (principal, action, resource);'
const holding = (when: string, group = 'role:approver') => `${PERMIT}
@id("hold") @hold("${group}") @reason("destructive")
forbid (principal, action, resource) when { ${when} } unless { context.approvedBy.contains("${group}") };`
const DELETES = 'context has sql && context.sql.kinds.contains("delete")'

let world: World
let held: HeldWorld
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  held = await holdOperations(world)
})
afterAll(() => world.close())

/** A pending review of a session that the store has. */
async function pending(mode: 'ticket' | 'wait' = 'ticket'): Promise<ReviewId> {
  const sessionId = newId('session', ids)
  const { id: ownerId } = world.as.engineer.actor.principal
  await world.store.owner.db.insert(sessions).values({
    ...{ id: sessionId, protocol: 'postgres', principalId: held.agentId, principalName: 'a', principalKind: 'agent' },
    ...{ ownerId, ownerName: 'engineer', tokenId: held.tokenId, connectionId: held.connectionId },
    ...{ connectionName: 'shop', connectionVersion: 1, targetUser: 'app', targetDatabase: 'shop' },
    ...{ clientAddress: '10.0.0.9', workerId: newId('worker', ids), startedAt: new Date(), lastEventAt: new Date() },
  })
  return held.hold({ mode, sessionId })
}

/** These policies come into force, and a worker hears of it. */
async function change(text: string): Promise<void> {
  const version = (await world.store.owner.db.select().from(policyVersions)).length + 1
  await world.store.owner.db
    .insert(policyVersions)
    .values({ version, documents: [{ name: 'd', text }], changes: [], changedBy: 'pri_0', changedByName: 'admin' })
  const policies = new StorePolicies({ db: world.store.proxy.db, clock: systemClock, log: silentLog, limits: LIMITS })
  await policies.refresh().catch(() => undefined)
  await closeStaleTickets({ ...held.proxy, clock: systemClock, policies, log: silentLog })
}

const outcome = async (id: ReviewId) => (await readReviewOutcomes(world.store.proxy.db, [id]))[0]

describe('a ticket that waits when the policies change', () => {
  it.each([
    ['still hold it for the same people', holding(DELETES), 'pending'],
    ['hold it for others', holding(DELETES, 'dbas'), 'cancelled'],
    ['hold it no more', holding('context has sql && context.sql.kinds.contains("drop")'), 'cancelled'],
    ['refuse it', `${holding(DELETES)}\n@id("no") @reason("never") forbid (principal, action, resource);`, 'cancelled'],
    ['cannot be loaded', 'permit (', 'pending'],
  ])('and these %s', async (_, text, state) => {
    const id = await pending()
    await change(text)
    expect(await outcome(id)).toMatchObject({ state, reason: state === 'pending' ? null : 'the policies changed' })
  })

  it('leaves those alone whose clients wait: these look for themselves', async () => {
    const [waiting, ticket] = [await pending('wait'), await pending()]
    await change(PERMIT)
    expect([(await outcome(waiting))?.state, (await outcome(ticket))?.state]).toEqual(['pending', 'cancelled'])
  })

  it('is judged as whoever asked is now', async () => {
    const id = await pending()
    await change(holding(`${DELETES} && principal.name == "somebody else"`))
    expect((await outcome(id))?.state).toBe('cancelled')
  })
})
