import { describe, expect, it } from 'vitest'
import { SallyportError } from '#lib/domain/errors'
import { serveClient } from './pipeline'
import { connection, type FakeOptions, fakePipeline, identity, TOKEN } from './testing/fake-parts'

async function run(options: Partial<FakeOptions> = {}) {
  const fakes = fakePipeline(options)
  await serveClient(fakes.parts, fakes.protocol, fakes.client)
  return fakes
}

describe('one connection', () => {
  it('is recorded before it is dialled, and its record is closed after it was served', async () => {
    const { said, client, registry } = await run()
    expect(said).toEqual(['leave', 'open', 'dial', 'attach', 'serve', 'destroy', 'close client-closed bye'])
    expect(client.socket.destroyed).toBe(true)
    expect(registry.list()).toEqual([])
  })

  it('is recorded with who, on whose behalf, where to and from where', async () => {
    const { requests } = await run({ claimed: { database: 'other' } })
    expect(requests[0]?.header).toMatchObject({
      principal: { name: 'autogen', kind: 'agent', groups: ['agents'] },
      onBehalfOf: { name: 'Olga' },
      connection: { name: 'shop', version: 3 },
      target: { host: 'db.internal', port: 5432, user: 'app', database: 'other' },
      client: { address: '192.0.2.7', application: 'psql' },
    })
  })
})

const noSuch = '[sallyport:denied] access: there is no connection "shop" that you may use'

describe('a client that may not', () => {
  const cases: [string, Partial<FakeOptions>, string][] = [
    ['whose token is not known', { identity: null }, '[sallyport:denied] token: the access token is unknown'],
    ['whose password is no token', { claimed: { token: 'hunter2' } }, '[sallyport:denied] token: the access token is'],
    ['when the store is away', { storeDown: new Error('away') }, '[sallyport:unavailable] the gateway cannot reach'],
    ['that shares no group with the connection', { connection: { ...connection, access: ['humans'] } }, noSuch],
    ['when nobody may use the connection', { connection: { ...connection, access: [] } }, noSuch],
    ['that names no connection', { connection: null }, noSuch],
    [
      'when the connection is disabled',
      { connection: { ...connection, disabled: true } },
      '[sallyport:denied] access:',
    ],
    [
      'whose token is bound to another connection',
      { identity: { ...identity, connections: ['billing'] } },
      '[sallyport:denied] token: this access token is not good for "shop"',
    ],
    ['when nothing can be recorded', { recorderDown: new Error('disk') }, '[sallyport:unavailable]'],
  ]

  it.each(cases)('%s is told so, and nothing is dialled', async (_, options, words) => {
    const { said } = await run(options)
    expect(said.find((line) => line.startsWith('refuse '))).toContain(words)
    for (const step of ['dial', 'attach', 'serve']) expect(said).not.toContain(step)
  })

  it('gets the same words for what does not exist and for what it may not use', async () => {
    const hidden = await run({ connection: { ...connection, access: [], disabled: true } })
    const missing = await run({ connection: null })
    const refusal = (said: string[]) => said.find((line) => line.startsWith('refuse'))
    expect(refusal(hidden.said)).toBe(refusal(missing.said))
  })

  it('but is known leaves a record of the refusal', async () => {
    const { said } = await run({ connection: null })
    expect(said).toContain(`recorded ${noSuch}`)
  })

  it('finds no place at the door is not listened to', async () => {
    const { said, client } = await run({ full: true })
    expect(said).toEqual([])
    expect(client.socket.destroyed).toBe(true)
  })

  it('comes while the worker stops is asked to come back', async () => {
    const fakes = fakePipeline()
    fakes.registry.shut()
    await serveClient(fakes.parts, fakes.protocol, fakes.client)
    expect(fakes.said.join()).toContain('refuse [sallyport:unavailable] the gateway is being restarted')
    expect(fakes.said).not.toContain('open')
  })
})

describe('a session that fails', () => {
  it('because the target cannot be reached is told so and its record is closed', async () => {
    const unreachable = new SallyportError('target_unreachable', 'nobody listens at db.internal:5432')
    const { said } = await run({ dialling: async () => Promise.reject(unreachable) })
    expect(said).toContain('refuse [sallyport:unavailable] nobody listens at db.internal:5432')
    expect(said.at(-1)).toBe('close target-unreachable nobody listens at db.internal:5432')
  })

  it('with an unexpected error closes its record without the error’s words, and rejects nothing', async () => {
    const { said } = await run({ serving: async () => Promise.reject(new Error('secret internals')) })
    expect(said.at(-1)).toMatch(/^close error /)
    expect(said.join()).not.toContain('secret internals')
  })

  it('because it was ended while it was dialled says who ended it', async () => {
    const { said } = await run({
      dialling: async (registry) => {
        registry.list()[0]?.end('access-revoked', { kind: 'denied', policy: 'token', reason: 'revoked' })
        throw new Error('aborted')
      },
    })
    expect(said).toContain('refuse [sallyport:denied] token: revoked')
    expect(said.at(-1)).toBe('close access-revoked [sallyport:denied] token: revoked')
  })
})

describe('failed attempts', () => {
  it('are told to wait from the eleventh in a minute on, and are welcome a minute later', async () => {
    const now = { ms: 0 }
    const fakes = fakePipeline({ identity: null, now })
    for (let i = 0; i < 11; i++) await serveClient(fakes.parts, fakes.protocol, fakes.client)
    const refusals = fakes.said.filter((line) => line.startsWith('refuse'))
    expect(refusals.slice(0, 10).every((line) => line.includes('token:'))).toBe(true)
    expect(refusals[10]).toContain('limits: too many failed attempts')
    now.ms = 60_000
    await serveClient(fakes.parts, fakes.protocol, fakes.client)
    expect(fakes.said.at(-1)).toContain('token:')
  })

  it('of one token do not lock out a good one at the same address, and cost the store nothing more', async () => {
    let asked = 0
    const fakes = fakePipeline()
    const other = `sp_${'b'.repeat(43)}`
    const parts = {
      ...fakes.parts,
      identities: {
        identify: async (token: string) => {
          asked += 1
          return token === TOKEN ? identity : null
        },
      },
    }
    const bad = fakePipeline({ claimed: { token: other } }).protocol
    for (let i = 0; i < 30; i++) await serveClient(parts, bad, fakes.client)
    expect(asked).toBe(10)
    await serveClient(parts, fakes.protocol, fakes.client)
    expect(fakes.said).toContain('serve')
  })
})
