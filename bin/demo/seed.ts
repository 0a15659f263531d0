import { randomBytes } from 'node:crypto'
import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openStore } from '#lib/db/client'
import { systemClock } from '#lib/domain/clock'
import { SallyportError } from '#lib/domain/errors'
import { createConnection } from '#lib/services/connections/create'
import type { Context } from '#lib/services/context'
import { createAgent } from '#lib/services/principals/create-agent'
import { setRole } from '#lib/services/roles/set'
import { operatorActor } from '#lib/services/system-actor'
import { mintToken, TTL_SECONDS } from '#lib/services/tokens/mint'
import type { Home } from '../start/home'
import { DEMO_ROLES } from './accounts'
import { DEMO_TARGET } from './target'

export interface DemoSeedInput {
  readonly home: Home
  /** The portal's address of the store: the demo is set up by the services that the portal uses. */
  readonly storeUrl: string
  readonly targetPort: number
  readonly targetPassword: string
}

const CONNECTION = 'shop'
const AGENT = 'autogen'
const SEALING_KEY_MS = 15_000

/**
 * Sets the demo up once: roles of the demo's groups, the connection `shop`, the agent `autogen`. What people change afterwards
 * stays. Resolves with a fresh token of the agent for the connection; null when either is gone.
 */
export async function seedDemo(input: DemoSeedInput): Promise<string | null> {
  const store = openStore(input.storeUrl, { max: 2, applicationName: 'sallyport demo' })
  const ctx: Context = {
    db: store.db,
    actor: operatorActor,
    clock: systemClock,
    random: (length) => randomBytes(length),
  }
  const done = join(input.home.path, 'demo-is-set-up')
  try {
    const known = await access(done).then(
      () => true,
      () => false,
    )
    if (!known) {
      await register(ctx, input)
      await writeFile(done, '')
    }
    return await demoToken(ctx)
  } finally {
    await store.close()
  }
}

async function register(ctx: Context, input: DemoSeedInput): Promise<void> {
  for (const { role, groups } of DEMO_ROLES) await setRole({ ctx, input: { role, groups: [...groups] } })
  await unlessTaken(() =>
    createAgent({ ctx, input: { name: AGENT, kind: 'agent', ownerEmail: 'engineer@example.com', groups: ['agents'] } }),
  )
  const { host, database, user } = DEMO_TARGET
  const connection = {
    name: CONNECTION,
    protocol: 'postgres' as const,
    address: `${host}:${input.targetPort}`,
    tags: { env: 'demo', team: 'commerce' },
    access: ['agents', 'engineers'],
    settings: { database, user, tls: 'disable', auth: ['scram-sha-256'] },
  }
  await onceSealable(() =>
    unlessTaken(() => createConnection({ ctx, input: { connection, secrets: { password: input.targetPassword } } })),
  )
}

/** Secrets are sealed to a proxy: the first one publishes its key while it starts. */
async function onceSealable(work: () => Promise<void>): Promise<void> {
  for (const deadline = Date.now() + SEALING_KEY_MS; ; await wait(100)) {
    try {
      return await work()
    } catch (error) {
      const early = error instanceof SallyportError && error.code === 'unavailable'
      if (!early || Date.now() > deadline) throw error
    }
  }
}

/** A start that was killed half way through has made some of it already. */
async function unlessTaken(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof SallyportError && error.code === 'conflict')) throw error
  }
}

async function demoToken(ctx: Context): Promise<string | null> {
  try {
    const input = { agent: AGENT, label: 'quickstart', connections: [CONNECTION], ttlSeconds: TTL_SECONDS.max }
    return (await mintToken({ ctx, input })).token
  } catch (error) {
    if (error instanceof SallyportError) return null
    throw error
  }
}
