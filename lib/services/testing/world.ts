import { createHash, randomBytes } from 'node:crypto'
import { desc, eq } from 'drizzle-orm'
import { createSealingKeyPair } from '../../crypto/unsealing'
import { sealingKeys } from '../../db/schema/connections'
import { auditEvents } from '../../db/schema/events'
import { principals } from '../../db/schema/principals'
import { createTestStore, type TestStore } from '../../db/testing/store'
import { systemClock } from '../../domain/clock'
import { newId } from '../../domain/ids'
import type { Actor, Role } from '../../domain/principal'
import type { Context } from '../context'
import { toPrincipal } from '../principals/to-principal'
import { operatorActor, systemActor } from '../system-actor'

export const PEOPLE = ['admin', 'approver', 'auditor', 'engineer', 'outsider'] as const
type Person = (typeof PEOPLE)[number]

/** Groups by role, so that `engineer` may use what is open to `engineers`; the outsider has neither groups nor roles. */
const ROLES_OF: Readonly<Record<Person, readonly Role[]>> = {
  admin: ['admin'],
  approver: ['approver'],
  auditor: ['auditor'],
  engineer: ['engineer'],
  outsider: [],
}

/** A store with one person of each role, as the portal's database role sees it. */
export interface World {
  readonly store: TestStore
  /** Contexts of signed-in people. */
  readonly as: Readonly<Record<Person, Context>>
  readonly operator: Context
  readonly system: Context
  /** The private half of the key that secrets are sealed to. */
  readonly sealingKey: Uint8Array
  /** The newest audit events of an action. */
  audited(action: string): Promise<(typeof auditEvents.$inferSelect)[]>
  close(): Promise<void>
}

export async function createWorld(): Promise<World> {
  const store = await createTestStore()
  const keys = await createSealingKeyPair()
  await store.owner.db.insert(sealingKeys).values({ id: newId('sealingKey', source), publicKey: keys.publicKey })
  const contextOf = (actor: Actor): Context => ({
    db: store.portal.db,
    actor,
    clock: systemClock,
    random: (length) => randomBytes(length),
    fingerprintKey: createHash('sha256').update('fingerprints of tests').digest(),
  })
  const people = await Promise.all(
    PEOPLE.map(async (person) => [person, contextOf(await enroll(store, person))] as const),
  )
  return {
    store,
    as: Object.fromEntries(people) as Record<Person, Context>,
    operator: contextOf(operatorActor),
    system: contextOf(systemActor),
    sealingKey: keys.privateKey,
    audited: (action) =>
      store.owner.db.select().from(auditEvents).where(eq(auditEvents.action, action)).orderBy(desc(auditEvents.id)),
    close: () => store.close(),
  }
}

const source = { now: () => Date.now(), random: (length: number) => randomBytes(length) }

async function enroll(store: TestStore, person: Person): Promise<Actor> {
  const row = {
    id: newId('principal', source),
    kind: 'person' as const,
    name: person,
    email: `${person}@example.com`,
    groups: person === 'outsider' ? [] : [`${person}s`],
  }
  const [kept] = await store.owner.db.insert(principals).values(row).returning()
  if (kept === undefined) throw new Error('the person was not kept')
  return {
    principal: toPrincipal(kept),
    roles: new Set(ROLES_OF[person]),
    via: { kind: 'sign-in', signInId: newId('signIn', source) },
  }
}
