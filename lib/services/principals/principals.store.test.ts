import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessTokens, principals, signIns } from '../../db/schema/principals'
import { createSignIn } from '../sign-ins/create'
import { identifySignIn } from '../sign-ins/identify'
import { createWorld, type World } from '../testing/world'
import { identifyToken } from '../tokens/identify'
import { mintToken } from '../tokens/mint'
import { createAgent } from './create-agent'
import { disablePrincipal } from './disable'
import { enablePrincipal } from './enable'
import { listPrincipals } from './list'
import { readPrincipal } from './read'
import { readSelf } from './read-self'
import { updateAgent } from './update-agent'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const failure = (code: string) => expect.objectContaining({ code })
const agentOf = (ownerEmail: string, name: string) =>
  createAgent({ ctx: world.as.admin, input: { name, ownerEmail, groups: ['agents', 'agents'] } })

describe('an agent', () => {
  it('is registered by an admin with the human who answers for it, and audited', async () => {
    const agent = await agentOf('engineer@example.com', 'bot-a')
    expect(agent).toMatchObject({ kind: 'agent', groups: ['agents'], owner: { email: 'engineer@example.com' } })
    const [event] = await world.audited('agent.create')
    expect(event).toMatchObject({ actorName: 'admin', targetId: agent.id, detail: { owner: 'engineer@example.com' } })
  })

  it.each(['approver', 'auditor', 'engineer', 'outsider'] as const)(
    'is not registered or changed by %s',
    async (person) => {
      const ctx = world.as[person]
      const input = { name: 'mine', ownerEmail: `${person}@example.com` }
      await expect(createAgent({ ctx, input })).rejects.toEqual(failure('forbidden'))
      const agent = await agentOf(`${person}@example.com`, `of-${person}`)
      await expect(updateAgent({ ctx, input: { id: agent.id, groups: ['admins'] } })).rejects.toEqual(
        failure('forbidden'),
      )
    },
  )

  it('has a name of its own, whoever asks at the same moment', async () => {
    const both = await Promise.allSettled([agentOf('admin@example.com', 'twin'), agentOf('admin@example.com', 'twin')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find((one) => one.status === 'rejected')
    expect(refused?.reason).toEqual(failure('conflict'))
  })

  it('invites an owner who has never signed in, and only once', async () => {
    const first = await agentOf('New.Person@example.com', 'bot-b')
    const second = await agentOf('new.person@example.com', 'bot-c')
    expect(second.owner?.id).toBe(first.owner?.id)
    const owner = await readPrincipal({ ctx: world.as.admin, input: { id: first.owner?.id ?? '' } })
    expect(owner).toMatchObject({ kind: 'person', state: 'invited', groups: [] })
    expect(await world.audited('principal.invite')).toHaveLength(1)
  })

  it('cannot be made with more than the form says', async () => {
    const input = { name: 'sneaky', ownerEmail: 'admin@example.com', id: 'pri_x', roles: ['admin'] } as never
    await expect(createAgent({ ctx: world.as.admin, input })).rejects.toEqual(failure('invalid_input'))
  })

  it('keeps its kind: a person is no agent to change', async () => {
    const input = { id: world.as.engineer.actor.principal.id, groups: ['admins'] }
    await expect(updateAgent({ ctx: world.as.admin, input })).rejects.toEqual(failure('not_found'))
  })
})

describe('seeing people', () => {
  it('is all for those with the role, and oneself and own agents for the others', async () => {
    await agentOf('outsider@example.com', 'seen')
    const all = await listPrincipals({ ctx: world.as.auditor, input: { limit: 200 } })
    expect(all.items.length).toBeGreaterThan(5)
    const own = await listPrincipals({ ctx: world.as.outsider, input: {} })
    expect(own.items.map(({ name }) => name).sort()).toEqual(['of-outsider', 'outsider', 'seen'])
    const other = { id: world.as.admin.actor.principal.id }
    await expect(readPrincipal({ ctx: world.as.outsider, input: other })).rejects.toEqual(failure('not_found'))
  })

  it('pages without loss or repeats, and finds wildcards only as themselves', async () => {
    const ctx = world.as.admin
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listPrincipals({ ctx, input: { limit: 3, ...(cursor && { cursor }) } })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    const all = await world.store.owner.db.select({ id: principals.id }).from(principals)
    expect(seen.length).toBe(all.length)
    expect(new Set(seen).size).toBe(seen.length)
    expect((await listPrincipals({ ctx, input: { query: '%' } })).items).toEqual([])
    expect((await listPrincipals({ ctx, input: { query: 'dmi_' } })).items).toEqual([])
    await expect(listPrincipals({ ctx, input: { cursor: 'bm90IGpzb24' } })).rejects.toEqual(failure('invalid_input'))
  })

  it('says who oneself is', async () => {
    expect(await readSelf({ ctx: world.as.auditor, input: {} })).toMatchObject({ name: 'auditor', roles: ['auditor'] })
    expect((await readSelf({ ctx: world.operator, input: {} })).permissions).not.toContain('reviews:decide')
  })
})

describe('a disabled principal', () => {
  it('loses sign-ins and tokens at once, with those of its agents, and workers are told', async () => {
    const person = world.as.approver.actor.principal
    const agent = await agentOf('approver@example.com', 'approvers-bot')
    const cookie = 'a'.repeat(43)
    await createSignIn({
      ctx: world.system,
      input: { token: cookie, principalId: person.id, expiresAt: new Date(Date.now() + 60_000) },
    })
    const { token } = await mintToken({ ctx: world.as.approver, input: { agent: 'approvers-bot' } })
    const signals: string[] = []
    const listening = await world.store.owner.sql.listen('sallyport_control', (payload) => signals.push(payload))

    await disablePrincipal({ ctx: world.as.admin, input: { id: person.id } })

    const db = world.store.portal.db
    expect(await identifySignIn({ db, token: cookie })).toBeNull()
    expect(await identifyToken({ db, token })).toBeNull()
    expect(await db.select().from(signIns).where(eq(signIns.principalId, person.id))).toEqual([])
    await expect
      .poll(() => signals.map((text) => JSON.parse(text).principalId).sort())
      .toEqual(expect.arrayContaining([agent.id, person.id]))
    await listening.unlisten()
    expect(await world.audited('principal.disable')).toMatchObject([{ targetId: person.id }])

    await enablePrincipal({ ctx: world.as.admin, input: { id: person.id } })
    expect(await identifyToken({ db, token })).toBeNull()
    const revoked = await db
      .select()
      .from(accessTokens)
      .where(eq(accessTokens.principalId, agent.id as `pri_${string}`))
    expect(revoked.every(({ revokedAt }) => revokedAt !== null)).toBe(true)
    expect(await world.audited('principal.enable')).toHaveLength(1)
  })

  it('cannot begin a sign-in', async () => {
    const id = world.as.outsider.actor.principal.id
    await disablePrincipal({ ctx: world.as.admin, input: { id } })
    const input = { token: 'b'.repeat(43), principalId: id, expiresAt: new Date(Date.now() + 60_000) }
    await expect(createSignIn({ ctx: world.system, input })).rejects.toEqual(failure('forbidden'))
  })

  it('is never oneself, and never somebody of whom one is not an admin', async () => {
    const admin = world.as.admin
    const self = { id: admin.actor.principal.id }
    await expect(disablePrincipal({ ctx: admin, input: self })).rejects.toEqual(failure('conflict'))
    await expect(disablePrincipal({ ctx: world.as.engineer, input: self })).rejects.toEqual(failure('forbidden'))
    await expect(enablePrincipal({ ctx: world.as.auditor, input: self })).rejects.toEqual(failure('forbidden'))
    await expect(disablePrincipal({ ctx: admin, input: { id: 'pri_nobody' } })).rejects.toEqual(failure('not_found'))
  })
})
