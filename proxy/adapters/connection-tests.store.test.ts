import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seal } from '#lib/crypto/sealing'
import { createSealingKeyPair } from '#lib/crypto/unsealing'
import { connectionSecrets, connections, connectionTests } from '#lib/db/schema/connections'
import { SallyportError } from '#lib/domain/errors'
import { newId } from '#lib/domain/ids'
import { LIVE_CHANNEL } from '#lib/domain/signals'
import type { Dialled, ProbeReport, Reach } from '../core/ports'
import type { Protocol } from '../core/protocol'
import { silentLog } from '../core/testing/fake-parts'
import { ConnectionTests, type TestParts } from './connection-tests'
import { storeConnections } from './connections'
import { ids, type SeededStore, seededStore } from './testing/seeded-store'

let seeded: SeededStore
beforeEach(async () => {
  seeded = await seededStore()
})
afterEach(() => seeded.store.close())

const clock = { now: () => 0, monotonicMs: () => 0 }
const dialled = { upstream: { destroy: () => undefined }, writer: { write: () => true } } as unknown as Dialled

type Probe = (reach: Reach, report: ProbeReport) => Promise<boolean>

async function runner(probe: Probe, change: Partial<TestParts> = {}) {
  const key = { id: newId('sealingKey', ids), ...(await createSealingKeyPair()) }
  const protocol = { probe: (reach: Reach, _u: unknown, _s: unknown, report: ProbeReport) => probe(reach, report) }
  const tests = new ConnectionTests({
    db: seeded.store.proxy.db,
    connections: storeConnections(seeded.store.proxy.db, key),
    dial: async (_reach, _signal, report) => {
      for (const step of ['resolve', 'connect'] as const) {
        report?.(step, 'running', '')
        report?.(step, 'passed', `${step} done`)
      }
      return dialled
    },
    clock,
    worker: newId('worker', ids),
    log: silentLog,
    protocol: () => protocol as unknown as Protocol,
    ...change,
  })
  return { tests, key }
}

async function ask() {
  const id = newId('test', ids)
  const row = { id, connectionId: seeded.connectionId, connectionVersion: 1, requestedBy: seeded.ownerId }
  await seeded.store.portal.db.insert(connectionTests).values(row)
  return id
}

async function run({ tests }: { tests: ConnectionTests }) {
  await tests.runWaiting()
  await tests.settled()
  const rows = await seeded.store.portal.db.select().from(connectionTests)
  return rows.map(({ state, steps, finishedAt }) => ({
    state,
    finished: finishedAt !== null,
    steps: steps.map((step) => `${step.name} ${step.state}`),
    details: steps.map(({ detail }) => detail),
  }))
}

const pass: Probe = async (_, report) => {
  report.step('tls', 'skipped', 'the connection says so')
  for (const name of ['authenticate', 'query'] as const) {
    report.step(name, 'running', '')
    report.step(name, 'passed', '')
  }
  return true
}

describe('a connection test', () => {
  it('passes with every step written', async () => {
    await ask()
    expect(await run(await runner(pass))).toMatchObject([
      {
        state: 'passed',
        finished: true,
        steps: ['resolve passed', 'connect passed', 'tls skipped', 'authenticate passed', 'query passed'],
      },
    ])
  })

  it('fails at the step that failed, and skips the rest', async () => {
    await ask()
    const probe: Probe = async (_, report) => {
      report.step('tls', 'running', '')
      report.step('tls', 'failed', 'the certificate has expired')
      return false
    }
    expect(await run(await runner(probe))).toMatchObject([
      {
        state: 'failed',
        steps: ['resolve passed', 'connect passed', 'tls failed', 'authenticate skipped', 'query skipped'],
      },
    ])
  })

  it('does not pass because a protocol says so when one of its steps failed', async () => {
    await ask()
    const probe: Probe = async (_, report) => {
      report.step('query', 'failed', 'no')
      return true
    }
    expect(await run(await runner(probe))).toMatchObject([{ state: 'failed' }])
  })

  it('of an address that may not be dialled fails with the reason', async () => {
    await ask()
    const refused = new SallyportError('target_address_refused', 'the target may not be dialled: loopback')
    const fixture = await runner(pass, {
      dial: async (_r, _s, report) => {
        report?.('resolve', 'running', '')
        throw refused
      },
    })
    const [test] = await run(fixture)
    expect(test).toMatchObject({ state: 'failed' })
    expect(test?.steps[0]).toBe('resolve failed')
    expect(test?.details[0]).toBe(refused.message)
  })

  it('opens the sealed secret, and says to enter it again when the address was edited under it', async () => {
    await ask()
    const seen: string[] = []
    const fixture = await runner(async (reach, report) => {
      report.step('authenticate', 'running', '')
      seen.push(Buffer.from((await reach.secret('password')) ?? []).toString())
      return true
    })
    const { connectionId } = seeded
    const binding = { connectionId, field: 'password', protocol: 'postgres', host: '127.0.0.1', port: 5432 } as const
    const sealed = await seal(fixture.key.publicKey, binding, Buffer.from('hunter2'))
    await seeded.store.portal.db
      .insert(connectionSecrets)
      .values({ connectionId, field: 'password', keyId: fixture.key.id, sealed })
    await run(fixture)
    expect(seen).toEqual(['hunter2'])

    await seeded.store.portal.db.update(connections).set({ host: 'evil.example' })
    const second = await ask()
    await run(fixture)
    const [test] = await seeded.store.portal.db.select().from(connectionTests).where(eq(connectionTests.id, second))
    expect(test?.state).toBe('failed')
    expect(test?.steps.find(({ name }) => name === 'authenticate')).toMatchObject({
      state: 'failed',
      detail: 'The stored password cannot be opened. Enter it again.',
    })
    expect(seen).toEqual(['hunter2'])
  })

  it('whose connection is gone fails', async () => {
    await ask()
    await seeded.store.portal.db.update(connections).set({ deletedAt: new Date() })
    const [test] = await run(await runner(pass))
    expect(test).toMatchObject({ state: 'failed', finished: true })
    expect(test?.details[0]).toBe('the connection is gone')
  })

  it('is run by one worker, however many look for it', async () => {
    let probes = 0
    const probe: Probe = async () => {
      probes += 1
      return true
    }
    for (let i = 0; i < 10; i++) await ask()
    const runners = await Promise.all(Array.from({ length: 3 }, () => runner(probe)))
    await Promise.all(runners.map(run))
    expect(probes).toBe(10)
  })

  it('that hangs does not keep another one waiting', async () => {
    let release: () => void = () => undefined
    let hung = false
    const probe: Probe = (_, report) => {
      if (hung) return pass(_, report)
      hung = true
      return new Promise((resolve) => {
        release = () => resolve(true)
      })
    }
    const fixture = await runner(probe)
    await ask()
    await fixture.tests.runWaiting()
    const second = await ask()
    const look = async (done: () => void) => {
      const [row] = await seeded.store.portal.db.select().from(connectionTests).where(eq(connectionTests.id, second))
      if (row?.state === 'passed') done()
    }
    let finish: () => void = () => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    await seeded.store.portal.sql.listen(LIVE_CHANNEL, () => void look(finish))
    await fixture.tests.runWaiting()
    await finished
    release()
    await fixture.tests.settled()
  })
})
