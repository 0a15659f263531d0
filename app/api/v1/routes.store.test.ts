import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { attemptLimit } from '#lib/auth/attempt-limit'
import { usePortal } from '#lib/auth/portal'
import { readEnv } from '#lib/config/env'
import { createConnection } from '#lib/services/connections/create'
import { startTest } from '#lib/services/connections/start-test'
import { approveDeviceLogin } from '#lib/services/device-logins/decide'
import { pollDeviceLogin } from '#lib/services/device-logins/poll'
import { startDeviceLogin } from '#lib/services/device-logins/start'
import { openLiveHub } from '#lib/services/live/hub'
import { savePolicy } from '#lib/services/policies/save'
import { createAgent } from '#lib/services/principals/create-agent'
import { approveReview } from '#lib/services/reviews/approve'
import { setRole } from '#lib/services/roles/set'
import { createSignIn } from '#lib/services/sign-ins/create'
import { holdOperations } from '#lib/services/testing/held'
import { recordSession } from '#lib/services/testing/recording'
import { createWorld, PEOPLE, type World } from '#lib/services/testing/world'
import { mintToken } from '#lib/services/tokens/mint'
import { allOperations } from './_operations/all'
import type { Operation } from './_rest/operation'

const ORIGIN = 'https://gate.example'
const CALLERS = [...PEOPLE, 'operator'] as const
type Caller = (typeof CALLERS)[number]
const EVERYBODY: readonly Caller[] = CALLERS
/** Who sees everything, or owns what the requests below are about. */
const READERS: readonly Caller[] = ['admin', 'auditor', 'engineer', 'operator']
const ADMINS: readonly Caller[] = ['admin', 'operator']
/** Whoever has a role. */
const ROLES: readonly Caller[] = ['admin', 'approver', 'auditor', 'engineer', 'operator']
const WATCHERS: readonly Caller[] = ['admin', 'auditor', 'operator']

/** Who may do what, written by hand: the opposite of what it is compared with. Sessions, agents and tokens are the engineer's. */
const MAY: Readonly<Record<string, readonly Caller[]>> = {
  listConnections: EVERYBODY,
  createConnection: ADMINS,
  readConnection: ['admin', 'approver', 'auditor', 'engineer', 'operator'],
  updateConnection: ADMINS,
  deleteConnection: ADMINS,
  disableConnection: ADMINS,
  enableConnection: ADMINS,
  testConnection: ADMINS,
  readTest: ['admin', 'approver', 'auditor', 'engineer', 'operator'],
  listPrincipals: EVERYBODY,
  readPrincipal: ['admin', 'approver', 'auditor', 'engineer', 'operator'],
  disablePrincipal: ADMINS,
  enablePrincipal: ADMINS,
  readSelf: EVERYBODY,
  listAgents: EVERYBODY,
  createAgent: ADMINS,
  updateAgent: ADMINS,
  listTokens: EVERYBODY,
  mintToken: ['admin', 'engineer', 'operator'],
  readToken: READERS,
  revokeToken: ['admin', 'engineer', 'operator'],
  listRuns: EVERYBODY,
  readRun: READERS,
  listRoles: ['admin', 'approver', 'auditor', 'operator'],
  setRole: ADMINS,
  listAudit: WATCHERS,
  listSessions: EVERYBODY,
  readSession: READERS,
  endSession: ['admin', 'engineer'],
  listEvents: READERS,
  listStatements: READERS,
  readStatement: READERS,
  readResult: READERS,
  verifySession: READERS,
  listReviews: EVERYBODY,
  readReview: ROLES,
  approveReview: ['approver'],
  rejectReview: ['approver'],
  cancelReview: ['engineer'],
  listGrants: EVERYBODY,
  revokeGrant: ['admin', 'approver', 'engineer'],
  readNotifications: WATCHERS,
  listPolicies: ROLES,
  readPolicy: ROLES,
  savePolicy: ADMINS,
  deletePolicy: ADMINS,
  checkPolicy: ROLES,
  explainDecision: ROLES,
  dryRunPolicies: WATCHERS,
  listPolicyVersions: ROLES,
  readPolicyVersion: ROLES,
  readOverview: EVERYBODY,
  applyManifest: ADMINS,
  exportManifest: ['admin', 'approver', 'auditor', 'operator'],
  // Only in a browser: these callers come with tokens.
  readDeviceLogin: [],
  approveDeviceLogin: [],
  denyDeviceLogin: [],
}

/** Routes that are not one verb with JSON in and out, and who may call them. */
const PLAIN: Readonly<Record<string, readonly Caller[] | 'nobody'>> = {
  'GET /sessions/{id}/export': READERS,
  'GET /live': EVERYBODY,
  'POST /device/code': 'nobody',
  'POST /device/token': 'nobody',
}

type Handler = (request: Request, props: { params: Promise<Record<string, string>> }) => Promise<Response>

let world: World
let home: string
const bearer = new Map<Caller | 'gateway', string>()
/** Of browsers in which they are signed in. */
const cookies = new Map<Caller, string>()
const handlers = new Map<string, Handler>()

beforeAll(async () => {
  world = await createWorld()
  home = mkdtempSync(join(tmpdir(), 'sallyport-routes-'))
  usePortal({
    env: readEnv({ SALLYPORT_HOME: home, SALLYPORT_URL: ORIGIN }),
    store: world.store.portal,
    hub: openLiveHub(world.store.portal.sql),
    cookieSecret: 'x'.repeat(44),
    fingerprintKey: randomBytes(32),
    refusals: attemptLimit({ perKey: 1e6, inAll: 1e6, windowMs: 60_000 }),
    streams: new Map(),
  })
  for (const role of ['admin', 'approver', 'auditor', 'engineer'] as const)
    await setRole({ ctx: world.operator, input: { role, groups: [`${role}s`] } })
  for (const person of PEOPLE) bearer.set(person, await loginToken(person))
  const operator = `spo_${randomBytes(24).toString('base64url')}`
  writeFileSync(join(home, 'admin.token'), operator)
  bearer.set('operator', operator)
  bearer.set('gateway', (await mintToken({ ctx: world.as.admin, input: {} })).token)
  for (const person of PEOPLE) {
    const token = randomBytes(32).toString('base64url')
    const principalId = world.as[person].actor.principal.id
    await createSignIn({ ctx: world.system, input: { token, principalId, expiresAt: new Date(Date.now() + 60_000) } })
    cookies.set(person, token)
  }
  await loadHandlers()
})
afterAll(async () => {
  rmSync(home, { recursive: true })
  await world.close()
})

async function loginToken(person: (typeof PEOPLE)[number]): Promise<string> {
  const { deviceCode, userCode } = await startDeviceLogin({ ctx: world.system, input: {} })
  await approveDeviceLogin({ ctx: world.as[person], input: { userCode } })
  const answer = await pollDeviceLogin({ ctx: world.system, input: { deviceCode } })
  return answer.state === 'issued' ? answer.token : ''
}

/** Every exported method of every route file, by `METHOD /path/{param}`. */
async function loadHandlers(): Promise<void> {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const file of readdirSync(here, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith(`${sep}route.ts`)) continue
    const path = `/${relative('.', dirname(file)).split(sep).join('/')}`.replace(/\[(\w+)\]/g, '{$1}')
    const module = (await import(join(here, file))) as Record<string, Handler>
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const handler = module[method]
      if (handler !== undefined) handlers.set(`${method} ${path}`, handler)
    }
  }
}

interface Target {
  readonly params: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
}

const unique = () => `x${randomBytes(6).toString('hex')}`
const connection = (name: string) => ({
  name,
  protocol: 'postgres' as const,
  address: 'db:5432',
  settings: { database: 'd', user: 'u' },
})
const newConnection = () => createConnection({ ctx: world.as.admin, input: { connection: connection(unique()) } })
const newAgent = () =>
  createAgent({ ctx: world.as.admin, input: { name: unique(), ownerEmail: 'engineer@example.com' } })
const PERMIT = 'permit (principal, action, resource);'
const newGrant = async () => {
  const id = await (await holdOperations(world)).hold()
  const scope = { kind: 'minutes', minutes: 5 } as const
  return (await approveReview({ ctx: world.as.approver, input: { id, scope } })).grantId ?? ''
}
const newToken = async () =>
  mintToken({ ctx: world.as.engineer, input: { agent: (await newAgent()).name, run: unique() } })
const newSession = (live: boolean) => {
  const { principal } = world.as.engineer.actor
  return recordSession(world.store, { principal, owner: principal, statements: [{ text: 'select 1' }], live })
}

/** Something fresh that the operation can be done to. */
async function targetOf(operation: Operation): Promise<Target> {
  const { path, id } = operation
  if (path.startsWith('/connections/{id}')) {
    const { id: connectionId, version, name } = await newConnection()
    return {
      params: { id: connectionId },
      ...(id === 'updateConnection' && { body: { version, connection: connection(name) } }),
    }
  }
  if (path.startsWith('/sessions/{id}'))
    return { params: { id: await newSession(id === 'endSession'), ...(path.includes('{op}') && { op: '1' }) } }
  if (path.startsWith('/principals/{id}') || path.startsWith('/agents/{id}'))
    return { params: { id: (await newAgent()).id }, ...(id === 'updateAgent' && { body: { groups: ['g'] } }) }
  if (path.startsWith('/tokens/{id}')) return { params: { id: (await newToken()).id } }
  if (path.startsWith('/runs/{id}')) return { params: { id: (await newToken()).runId ?? '' } }
  if (path.startsWith('/reviews/{id}')) {
    const held = await holdOperations(world)
    return { params: { id: await held.hold() }, ...(id === 'rejectReview' && { body: { reason: 'no' } }) }
  }
  if (path.startsWith('/grants/{id}')) return { params: { id: await newGrant() } }
  if (path.startsWith('/policies/{name}')) {
    const name = unique()
    if (id !== 'savePolicy') await savePolicy({ ctx: world.as.admin, input: { name, text: PERMIT } })
    return { params: { name }, ...(id === 'savePolicy' && { body: { text: PERMIT } }) }
  }
  if (id === 'checkPolicy') return { params: {}, body: { name: unique(), text: PERMIT } }
  if (id === 'explainDecision') {
    const { name, principalId } = { ...(await newConnection()), principalId: (await newAgent()).id }
    return { params: {}, body: { principalId, connection: name, text: 'select 1' } }
  }
  if (id === 'readPolicyVersion') {
    await savePolicy({ ctx: world.as.admin, input: { name: unique(), text: PERMIT } })
    return { params: { version: '1' } }
  }
  if (id === 'readTest') {
    const { id: connectionId } = await newConnection()
    return { params: { id: (await startTest({ ctx: world.as.admin, input: { id: connectionId } })).testId } }
  }
  if (path.startsWith('/device/logins/'))
    return { params: { userCode: (await startDeviceLogin({ ctx: world.system, input: {} })).userCode } }
  if (id === 'setRole') return { params: { role: 'engineer' }, body: { groups: ['engineers'] } }
  if (id === 'createConnection') return { params: {}, body: { connection: connection(unique()) } }
  if (id === 'createAgent') return { params: {}, body: { name: unique(), ownerEmail: 'engineer@example.com' } }
  if (id === 'mintToken') return { params: {}, body: { agent: (await newAgent()).name } }
  if (id === 'applyManifest') return { params: {}, body: { file: 'connections: []' } }
  return { params: {} }
}

function call(address: string, target: Target, headers: Record<string, string>): Promise<Response> {
  const [method = '', path = ''] = address.split(' ')
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(target.params[name] ?? ''))
  const request = new Request(`${ORIGIN}/api/v1${filled}${target.query ?? ''}`, {
    method,
    headers: { ...headers, ...(target.body !== undefined && { 'content-type': 'application/json' }) },
    ...(target.body !== undefined && { body: JSON.stringify(target.body) }),
  })
  const handler = handlers.get(address)
  if (handler === undefined) throw new Error(`no route for ${address}`)
  return handler(request, { params: Promise.resolve({ ...target.params }) })
}

const as = (caller: Caller | 'gateway') => ({ authorization: `Bearer ${bearer.get(caller)}` })

describe('the API', () => {
  it('is exactly its operations and the plain routes', () => {
    const declared = [...allOperations.map(({ method, path }) => `${method} ${path}`), ...Object.keys(PLAIN)]
    expect([...handlers.keys()].sort()).toEqual(declared.sort())
    expect(Object.keys(MAY).sort()).toEqual(allOperations.map(({ id }) => id).sort())
  })

  it.each(allOperations.map((operation) => [operation.id, operation] as const))(
    '%s is for whom it is for',
    async (id, operation) => {
      const address = `${operation.method} ${operation.path}`
      const target = await targetOf(operation)
      const nobody = await call(address, target, {})
      expect(nobody.status).toBe(401)
      expect(nobody.headers.get('content-type')).toBe('application/problem+json')
      expect((await call(address, target, { authorization: `Bearer sp_${'0'.repeat(43)}` })).status).toBe(401)
      expect((await call(address, target, { cookie: '__Host-sallyport=made-up' })).status).toBe(401)
      expect((await call(address, target, as('gateway'))).status).toBe(403)
      const allowed = MAY[id] ?? []
      const statusOf = async (caller: Caller) => (await call(address, target, as(caller))).status
      for (const caller of CALLERS.filter((one) => !allowed.includes(one))) {
        const status = await statusOf(caller)
        expect([403, 404], `${caller} got ${status}`).toContain(status)
      }
      const [first, ...others] = allowed
      if (first === undefined) return
      expect(await statusOf(first), first).toBe(operation.status)
      for (const caller of others) expect([401, 403], caller).not.toContain(await statusOf(caller))
    },
  )

  it.each(Object.entries(PLAIN))('%s is for whom it is for', async (address, allowed) => {
    const session = address.includes('sessions')
    const target: Target = session
      ? { params: { id: await newSession(false) } }
      : { params: {}, query: '?topic=sessions' }
    if (allowed === 'nobody') return expect((await call(address, target, {})).status).not.toBe(401)
    expect((await call(address, target, {})).status).toBe(401)
    expect((await call(address, target, as('gateway'))).status).toBe(403)
    for (const caller of CALLERS) {
      const response = await call(address, target, as(caller))
      await response.body?.cancel()
      if (allowed.includes(caller)) expect(response.status, caller).toBe(200)
      else expect([403, 404], caller).toContain(response.status)
    }
  })

  it.each(
    allOperations.filter(({ method }) => method !== 'GET').map((operation) => [operation.id, operation] as const),
  )('%s with a cookie needs the portal’s own Origin', async (_, operation) => {
    const address = `${operation.method} ${operation.path}`
    const target = await targetOf(operation)
    const cookie = cookies.get(MAY[operation.id]?.[0] ?? 'admin')
    const signedIn = { cookie: `other=1; __Host-sallyport=${cookie}` }
    const origins = [
      undefined,
      'null',
      'https://evil.example',
      `${ORIGIN}.evil.example`,
      'http://gate.example',
      `${ORIGIN}:444`,
    ]
    for (const origin of origins) {
      const response = await call(address, target, { ...signedIn, ...(origin && { origin }) })
      expect(response.status, origin).toBe(403)
    }
    expect((await call(address, target, { ...signedIn, origin: ORIGIN })).status).toBe(operation.status)
  })
})

describe('an input', () => {
  const connections = 'POST /connections'
  const post = (body: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    handlers.get(connections)?.(
      new Request(`${ORIGIN}/api/v1/connections`, { method: 'POST', headers: { ...headers, ...as('admin') }, body }),
      { params: Promise.resolve({}) },
    )

  it('may have 1 MiB and not a byte more', async () => {
    const body = (bytes: number) => JSON.stringify({ x: 'a'.repeat(bytes - 8) })
    expect((await post(body(1_048_576)))?.status).toBe(400)
    expect((await post(body(1_048_577)))?.status).toBe(413)
  })

  it('must be a JSON object, said to be one', async () => {
    for (const body of ['', '[]', 'null', '{', '"x"']) expect((await post(body))?.status).toBe(400)
    expect((await post('{}', { 'content-type': 'text/plain' }))?.status).toBe(400)
  })

  it('names its address’s parts once', async () => {
    const { id, version, name } = await newConnection()
    const body = { id: 'con_other', version, connection: connection(name) }
    const response = await call('PUT /connections/{id}', { params: { id }, body }, as('admin'))
    expect(await response.json()).toMatchObject({ status: 400, field: 'id' })
    const twice = await call('GET /sessions', { params: {}, query: '?limit=1&limit=2' }, as('admin'))
    expect(twice.status).toBe(400)
  })

  it('of a listing is read as its schema says, and anything else is refused', async () => {
    const list = async (query: string) => (await call('GET /sessions', { params: {}, query }, as('admin'))).status
    expect(await list('?limit=1&state=live')).toBe(200)
    for (const query of ['?limit=x', '?limit=1e3', '?limit=', '?state=all', '?who=me', '?cursor=%00', '?__proto__=1'])
      expect(await list(query), query).toBe(400)
  })
})

describe('a refusal', () => {
  it('says nothing of what is inside', async () => {
    const { portal } = await import('#lib/auth/portal')
    const whole = portal()
    const failing = () => {
      throw new Error('relation "secret_table" does not exist at 10.0.0.5')
    }
    usePortal({ ...whole, store: { ...whole.store, db: new Proxy(whole.store.db, { get: () => failing }) } })
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const response = await call('GET /me', { params: {} }, as('admin'))
    usePortal(whole)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/secret_table|10\.0\.0\.5/)
    expect(String(log.mock.calls)).toContain('secret_table')
    log.mockRestore()
  })

  it('slows down whoever guesses tokens, and nobody whose token is good', async () => {
    const { apiContext } = await import('#lib/auth/context')
    const { portal } = await import('#lib/auth/portal')
    usePortal({ ...portal(), refusals: attemptLimit({ perKey: 10, inAll: 600, windowMs: 60_000 }) })
    const guess = (address: string) =>
      apiContext(
        new Request(`${ORIGIN}/api/v1/me`, {
          headers: {
            authorization: `Bearer sp_${randomBytes(16).toString('hex')}00000000000`,
            'x-forwarded-for': address,
          },
        }),
      ).catch((error: { code: string }) => error.code)
    const codes: unknown[] = []
    for (let i = 0; i < 12; i++) codes.push(await guess('10.0.0.1'))
    expect(codes).toEqual([...Array(10).fill('unauthenticated'), 'too_many', 'too_many'])
    expect(await guess('10.0.0.2')).toBe('unauthenticated')
    const good = await call('GET /me', { params: {} }, { ...as('auditor'), 'x-forwarded-for': '10.0.0.1' })
    expect(good.status).toBe(200)
  })
})
