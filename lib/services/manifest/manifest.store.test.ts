import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listConnections } from '../connections/list'
import { readConnection } from '../connections/read'
import { listPolicies } from '../policies/list'
import { listPrincipals } from '../principals/list'
import { createWorld, type World } from '../testing/world'
import { applyFile } from './apply'
import { exportManifest } from './export'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const FILE = `
connections:
  - name: shop
    protocol: postgres
    address: db.internal:5432
    tags: { env: prod }
    access: [agents, engineers]
    settings: { database: shop, user: app, tls: verify-full }
    secret: { password: { env: SHOP_PASSWORD }, clientKey: { value: inline-canary } }
agents:
  - { name: autogen, owner: owner@example.com, groups: [agents] }
`
const secrets = { shop: { password: 'env-canary' } }
const apply = (file: string, more: object = {}) =>
  applyFile({ ctx: world.operator, input: { file, fileName: 'prod.yaml', secrets, ...more } })
const refused = (message: string) => expect.objectContaining({ code: 'invalid_input', message })

describe('applying a file', () => {
  it('tells first, then makes it so, and changes nothing the second time', async () => {
    const told = await apply(FILE, { dryRun: true })
    expect(told).toMatchObject({
      applied: false,
      changes: [
        { name: 'shop', action: 'create' },
        { name: 'autogen', action: 'create' },
      ],
    })
    expect((await listConnections({ ctx: world.as.admin, input: {} })).items).toEqual([])
    expect((await apply(FILE)).changes).toEqual(told.changes)
    expect(await apply(FILE)).toEqual({ changes: [], applied: true })
    const shop = await readConnection({ ctx: world.as.admin, input: { name: 'shop' } })
    expect(shop).toMatchObject({ version: 1, secrets: [{ field: 'clientKey' }, { field: 'password' }] })
    const [event] = await world.audited('connection.create')
    expect(event).toMatchObject({ actorName: 'operator', via: 'operator', targetName: 'shop' })
    const said = JSON.stringify([told, event])
    for (const secret of ['env-canary', 'inline-canary']) expect(said).not.toContain(secret)
  })

  it('changes what differs, secrets included, and nothing else', async () => {
    const rotated = await apply(FILE, { secrets: { shop: { password: 'rotated' } } })
    expect(rotated.changes).toEqual([
      { kind: 'connection', name: 'shop', action: 'update', details: ['secret password changed'] },
    ])
    const moved = await apply(
      FILE.replace('db.internal:5432', 'db2.internal:5432').replace('[agents]', '[agents, more]'),
    )
    expect(moved.changes.map(({ details }) => details)).toEqual([
      ['address db.internal:5432 → db2.internal:5432', 'secret password changed', 'secret clientKey changed'],
      ['groups agents → agents, more'],
    ])
    expect((await readConnection({ ctx: world.as.admin, input: { name: 'shop' } })).version).toBe(3)
    await apply(FILE)
  })

  it.each([
    ['a key of a later version', 'labels: []', 'prod.yaml:1: labels: is not implemented in this version yet'],
    [
      'labels',
      FILE.replace('    tags:', '    labels: {}\n    tags:'),
      'prod.yaml:6: connections.0.labels: is not implemented in this version yet',
    ],
    ['an unknown key', FILE.replace('tags:', 'tag:'), 'prod.yaml:6: connections.0.tag: there is no such key'],
    [
      'an unknown setting',
      FILE.replace('tls: verify-full', 'ssl: on'),
      'prod.yaml:8: settings: Unrecognized key: "ssl"',
    ],
    ['a bad setting', FILE.replace('verify-full', 'maybe'), expect.stringMatching(/^prod.yaml:8: settings.tls: /)],
    ['a bad address', FILE.replace('db.internal:5432', 'http://db'), expect.stringMatching(/^prod.yaml:5: address: /)],
    [
      'a missing secret',
      FILE.replace('SHOP_PASSWORD }', 'SHOP_PASSWORD }, clientCert: { env: NO_CERT }'),
      'prod.yaml:9: shop: the secret clientCert is empty or missing (environment variable NO_CERT)',
    ],
    [
      'a secret the protocol lacks',
      FILE.replace('clientKey', 'token'),
      expect.stringMatching(/^prod.yaml:9: secret.token: postgres has no such secret/),
    ],
    [
      'a name twice',
      FILE.replace('agents:\n', 'agents:\n  - { name: autogen, owner: a@example.com }\n'),
      'prod.yaml:12: agents.1.name: autogen is there twice',
    ],
    ['a key twice', FILE.replace('    tags:', '    address: other\n    tags:'), 'prod.yaml:6: a key is given twice'],
    ['broken YAML', FILE.replace('tags: {', 'tags: ['), expect.stringMatching(/^prod.yaml:\d+: not valid YAML/)],
    ['aliases', 'agents: &a []\nconnections: *a', 'prod.yaml:1: anchors and aliases are not taken'],
    ['a list where a map belongs', '[]', expect.stringMatching(/^prod.yaml:1: file: /)],
    [
      'an owner without an address',
      FILE.replace('owner@example.com', 'owner'),
      expect.stringMatching(/^prod.yaml:11: agents.0.owner: /),
    ],
  ])('refuses %s, with file, line and reason, and changes nothing', async (_, file, message) => {
    const before = (await world.audited('connection.update')).length
    await expect(apply(file)).rejects.toEqual(refused(message as string))
    expect((await world.audited('connection.update')).length).toBe(before)
  })

  it('is all or nothing: an agent that cannot be made takes the connections with it', async () => {
    const file = FILE.replaceAll('shop', 'half').replace('name: autogen', 'name: autogen, kind: service')
    await expect(apply(file, { secrets: { half: { password: 'x' } } })).rejects.toEqual(
      refused('prod.yaml:11: autogen is registered as agent already'),
    )
    expect((await listConnections({ ctx: world.as.admin, input: { query: 'half' } })).items).toEqual([])
  })

  it('never quotes a secret when it refuses', async () => {
    const file = FILE.replace('{ value: inline-canary }', '{ value: inline-canary, more: 1 }')
    const error = await apply(file).catch((thrown: Error) => thrown)
    expect(String((error as Error).message)).not.toContain('canary')
    expect(String((error as Error).message)).toMatch(/^prod.yaml:9: /)
  })

  it.each(['approver', 'auditor', 'engineer', 'outsider'] as const)('is not for %s', async (person) => {
    const call = applyFile({ ctx: world.as[person], input: { file: FILE, secrets } })
    await expect(call).rejects.toEqual(expect.objectContaining({ code: 'forbidden' }))
  })

  it('by two at the same moment ends in the same state as by one', async () => {
    const file = FILE.replaceAll('shop', 'raced').replace('autogen', 'raced-agent')
    const given = { secrets: { raced: { password: 'x' } } }
    const results = await Promise.all([1, 2, 3].map(() => apply(file, given)))
    expect(results.map(({ changes }) => changes.length).sort()).toEqual([0, 0, 2])
  })
})

describe('policies in a file', () => {
  const PERMIT = 'permit (principal, action, resource);\n'
  const POLICIES = `policies:
  - name: allow-all
    text: |
      permit (principal, action, resource);
  - { name: from-file, file: policies/from-file.cedar }
`
  const given = { policies: { 'from-file': PERMIT } }

  it('become one version of the set, once', async () => {
    const told = await apply(POLICIES, { ...given, dryRun: true })
    expect(told.changes).toEqual([
      { kind: 'policy', name: 'allow-all', action: 'create', details: ['1 line'] },
      { kind: 'policy', name: 'from-file', action: 'create', details: ['1 line'] },
    ])
    expect((await apply(POLICIES, given)).changes).toEqual(told.changes)
    const { setVersion, items } = await listPolicies({ ctx: world.as.admin, input: {} })
    expect([setVersion, items.map(({ name, text }) => [name, text])]).toEqual([
      1,
      [
        ['allow-all', PERMIT],
        ['from-file', PERMIT],
      ],
    ])
    expect(await apply(POLICIES, given)).toEqual({ changes: [], applied: true })
    const changed = await apply(POLICIES, { policies: { 'from-file': `${PERMIT}// more\n` } })
    expect(changed.changes).toEqual([
      { kind: 'policy', name: 'from-file', action: 'update', details: ['text changed'] },
    ])
    expect((await listPolicies({ ctx: world.as.admin, input: {} })).setVersion).toBe(2)
  })

  it.each([
    [
      'a file that was not given',
      POLICIES,
      {},
      'prod.yaml:5: from-file: the file policies/from-file.cedar is empty or missing',
    ],
    ['neither file nor text', 'policies:\n  - { name: a }', {}, expect.stringMatching(/^prod.yaml:2: policies.0/)],
    ['both', 'policies:\n  - { name: a, text: x, file: y }', {}, expect.stringMatching(/^prod.yaml:2: policies.0/)],
    [
      'a name twice',
      `${POLICIES}  - { name: allow-all, text: x }`,
      given,
      'prod.yaml:6: policies.2.name: allow-all is there twice',
    ],
    [
      'a text that is no policy',
      'policies:\n  - { name: a, file: a }\n  - { name: b, file: b }',
      { policies: { a: PERMIT, b: `${PERMIT}forbid (principal, action, resource);` } },
      'prod.yaml:3: b:2: a forbid needs @reason("…"): it is what the refused client reads',
    ],
    [
      'a text that is too long',
      'policies:\n  - { name: a, file: a }',
      { policies: { a: 'x'.repeat(70_000) } },
      'prod.yaml:2: a: a document may have 65536 bytes at most',
    ],
  ])('refuse the whole file: %s', async (_, file, parts, message) => {
    await expect(
      apply(`${file}\n${FILE.replaceAll('shop', 'unmade')}`, { secrets: { unmade: { password: 'x' } }, ...parts }),
    ).rejects.toEqual(refused(message as string))
    expect((await listConnections({ ctx: world.as.admin, input: { query: 'unmade' } })).items).toEqual([])
    expect((await listPolicies({ ctx: world.as.admin, input: {} })).setVersion).toBe(2)
  })
})

describe('an exported file', () => {
  it('applies without a change, and holds no secret', async () => {
    const { file } = await exportManifest({ ctx: world.as.auditor, input: {} })
    expect(file).not.toContain('canary')
    expect(file).toContain('env: SHOP_CLIENT_KEY')
    const given = {
      shop: { password: 'env-canary', clientKey: 'inline-canary' },
      raced: { password: 'x', clientKey: 'inline-canary' },
    }
    expect((await apply(file, { secrets: given })).changes).toEqual([])
    expect(await world.audited('manifest.export')).toHaveLength(1)
    await expect(exportManifest({ ctx: world.as.engineer, input: {} })).rejects.toEqual(
      expect.objectContaining({ code: 'forbidden' }),
    )
    expect((await listPrincipals({ ctx: world.as.admin, input: { kind: 'agent' } })).items).toHaveLength(2)
  })
})
