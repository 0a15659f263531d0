import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { PostgresAuthMethod, PostgresSettings } from '#lib/domain/connection'
import { LIMITS, type Limits } from '#lib/domain/limits'
import { cancelAtTarget } from './cancel-target'
import { cstring, message } from './handshake-messages'
import { probeTarget } from './probe'
import { dialTo, reachTo, type SignInRun, settingsWith, signInTo } from './testing/reach'
import { ODD_PASSWORD, ROLE_PASSWORD, startTargetServer, type TargetServer } from './testing/target-server'
import type { SignInParts } from './upstream'
import type { Authenticated } from './upstream-auth'

let target: TargetServer
let run: SignInRun | null = null

beforeAll(async () => {
  target = await startTargetServer()
})
afterAll(async () => {
  await target.stop()
})
afterEach(() => {
  run?.dialled.upstream.destroy()
  run = null
})

interface Case {
  readonly user: string
  readonly settings?: Partial<PostgresSettings>
  readonly secrets?: Record<string, string>
  readonly host?: string
  readonly change?: Partial<SignInParts>
}

async function enter(given: Case): Promise<SignInRun & { how: Authenticated | undefined }> {
  const { user, settings, secrets = { password: ROLE_PASSWORD }, host = 'db.internal', change } = given
  let how: Authenticated | undefined
  const onAuthenticated = (done: Authenticated) => {
    how = done
  }
  const reach = reachTo(target.port, { host, secrets })
  run = await signInTo(reach, settingsWith({ user, ca: target.authority.cert, ...settings }), {
    onAuthenticated,
    ...change,
  })
  return { ...run, how }
}

/** Sends a query; resolves with everything up to ReadyForQuery. */
function ask({ dialled }: SignInRun, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0)
    dialled.upstream.read((chunk) => {
      got = Buffer.concat([got, chunk])
      if (got.subarray(-6, -1).equals(Buffer.from('Z\0\0\0\x05'))) resolve(got.toString('utf8'))
    }, reject)
    dialled.writer.write(message('Q', cstring(text)))
  })
}

test.each<[string, PostgresAuthMethod]>([
  ['scram', 'scram-sha-256'],
  ['md5', 'md5'],
  ['cleartext', 'cleartext'],
  ['trusted', 'trust'],
])('signs in as %s, plain', async (user, method) => {
  const entered = await enter({ user, settings: { auth: [method] } })
  expect(entered.how).toEqual({ method, bound: false })
  expect(await ask(entered, 'SELECT current_user')).toContain(user)
})

test.each<PostgresSettings['tls']>(['prefer', 'require', 'verify-ca', 'verify-full'])(
  'SCRAM is bound to TLS under %s',
  async (tls) => {
    const entered = await enter({ user: 'scram', settings: { tls } })
    expect(entered.how).toEqual({ method: 'scram-sha-256', bound: true })
    expect(entered.signedIn.tls).toMatchObject({ validDays: 62 })
    expect(await ask(entered, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toContain('\0\0\0\x01t')
  },
)

test('a password is prepared as the server prepares it', async () => {
  const secrets = { password: ODD_PASSWORD }
  expect((await enter({ user: 'odd', secrets })).how?.method).toBe('scram-sha-256')
})

test('a client certificate is enough where the connection says so, and only then', async () => {
  const pair = await target.clientCertificate('certified')
  const secrets = { clientCert: pair.cert, clientKey: pair.key }
  const settings = { tls: 'verify-full', auth: ['cert'] } as const satisfies Partial<PostgresSettings>
  expect((await enter({ user: 'certified', settings: { ...settings, auth: ['cert'] }, secrets })).how?.method).toBe(
    'cert',
  )
  run?.dialled.upstream.destroy()
  const other = enter({ user: 'certified', settings: { ...settings, auth: ['scram-sha-256'] }, secrets })
  await expect(other).rejects.toThrow(/without proof/)
  const stranger = await target.clientCertificate('somebody')
  const wrong = { clientCert: stranger.cert, clientKey: stranger.key }
  await expect(enter({ user: 'certified', settings: { ...settings, auth: ['cert'] }, secrets: wrong })).rejects.toThrow(
    /credentials \(SQLSTATE 28000\)/,
  )
})

test.each([
  ['scram', 'scram-sha-256'],
  ['md5', 'md5'],
  ['cleartext', 'cleartext'],
] as const)('a wrong password for %s is refused by the target', async (user, method) => {
  const attempt = enter({ user, settings: { auth: [method] }, secrets: { password: 'wrong' } })
  await expect(attempt).rejects.toMatchObject({ sqlState: '28000', message: expect.stringContaining('28P01') })
})

test('a target is refused when it asks for something the connection does not list', async () => {
  await expect(enter({ user: 'md5' })).rejects.toThrow(/MD5/)
  await expect(enter({ user: 'cleartext' })).rejects.toThrow(/clear-text/)
  await expect(enter({ user: 'trusted' })).rejects.toThrow(/without proof/)
})

test('verify-full wants the name, verify-ca the authority, require neither', async () => {
  const other = await target.clientCertificate('x')
  const wrongName = { user: 'scram', host: 'other.internal' }
  await expect(enter({ ...wrongName, settings: { tls: 'verify-full' } })).rejects.toThrow(/another host name/)
  await enter({ ...wrongName, settings: { tls: 'verify-ca' } })
  run?.dialled.upstream.destroy()
  for (const tls of ['verify-ca', 'verify-full'] as const)
    await expect(enter({ user: 'scram', settings: { tls, ca: other.cert } })).rejects.toThrow(
      /not signed by an authority/,
    )
  const reach = reachTo(target.port, { host: 'other.internal', secrets: { password: ROLE_PASSWORD } })
  run = await signInTo(reach, settingsWith({ user: 'scram', tls: 'require' }))
  expect(run.signedIn.tls).not.toBeNull()
})

test('allow and prefer come in where only the other way is open', async () => {
  const trust = { auth: ['trust'] as PostgresAuthMethod[] }
  expect((await enter({ user: 'tlsonly', settings: { tls: 'allow', ...trust } })).signedIn.tls).not.toBeNull()
  run?.dialled.upstream.destroy()
  expect((await enter({ user: 'plainonly', settings: { tls: 'prefer', ...trust } })).signedIn.tls).toBeNull()
  run?.dialled.upstream.destroy()
  await expect(enter({ user: 'tlsonly', settings: { tls: 'disable', ...trust } })).rejects.toThrow(/28000/)
  await expect(enter({ user: 'plainonly', settings: { tls: 'require', ...trust } })).rejects.toThrow(/28000/)
})

test('a database that is not there, and a parameter that is not right, are told apart', async () => {
  const settings = { auth: ['trust'] as PostgresAuthMethod[] }
  const missing = enter({ user: 'trusted', settings: { ...settings, database: 'missing' } })
  await expect(missing).rejects.toMatchObject({ sqlState: '3D000' })
  const parameters = new Map([['timezone', 'Nowhere/At_All']])
  const wrong = enter({ user: 'trusted', settings, change: { parameters } })
  await expect(wrong).rejects.toMatchObject({ sqlState: '22023' })
})

test('startup parameters take effect at the target', async () => {
  const parameters = new Map([
    ['client_encoding', 'UTF8'],
    ['search_path', 'a, b'],
    ['statement_timeout', '5s'],
    ['timezone', 'Asia/Tokyo'],
  ])
  const entered = await enter({ user: 'trusted', settings: { auth: ['trust'] }, change: { parameters } })
  expect(entered.signedIn.parameters.get('TimeZone')).toBe('Asia/Tokyo')
  const answer = await ask(entered, "SELECT current_setting('search_path'), current_setting('statement_timeout')")
  expect(answer).toContain('a, b')
  expect(answer).toContain('5s')
})

test.each<PostgresSettings['tls']>(['disable', 'verify-full'])(
  'a cancel request ends what runs, under %s',
  async (tls) => {
    const entered = await enter({ user: 'scram', settings: { tls } })
    const { key } = entered.signedIn
    if (!key) throw new Error('the target gave no key')
    const sleeping = ask(entered, 'SELECT pg_sleep(60)')
    const watcher = reachTo(target.port, { host: 'db.internal', secrets: { password: ROLE_PASSWORD } })
    const other = await signInTo(watcher, settingsWith({ user: 'scram' }))
    while (!(await ask(other, `SELECT state FROM pg_stat_activity WHERE pid = ${key.processId}`)).includes('active'));
    other.dialled.upstream.destroy()
    await cancelAtTarget({
      access: watcher.access,
      settings: settingsWith({ user: 'scram', tls, ca: target.authority.cert }),
      upstream: entered.dialled.upstream,
      encrypted: entered.signedIn.tls !== null,
      key,
      startTimer: () => () => undefined,
    })
    expect(await sleeping).toContain('57014')
  },
)

async function probe(
  user: string,
  settings: Partial<PostgresSettings>,
  secrets = { password: ROLE_PASSWORD },
  limits: Limits = LIMITS,
) {
  const steps: string[] = []
  const { access } = reachTo(target.port, { host: 'db.internal', secrets })
  const { upstream, writer } = await dialTo(access)
  const passed = await probeTarget({
    access,
    settings: settingsWith({ user, ca: target.authority.cert, ...settings }),
    upstream,
    send: (bytes) => void writer.write(bytes),
    report: { step: (name, state, detail) => void (state !== 'running' && steps.push(`${name} ${state}: ${detail}`)) },
    startTimer: () => () => undefined,
    limits,
  })
  upstream.destroy()
  return { passed, steps }
}

test.each([
  [4_095, 'failed'],
  [4_096, 'passed'],
  [4_097, 'passed'],
])(
  'of a target that asks for 4,096 SCRAM iterations a test with a limit of %i has %s',
  async (scramIterations, state) => {
    const { steps } = await probe('scram', { tls: 'verify-full' }, undefined, { ...LIMITS, scramIterations })
    expect(steps[1]).toContain(`authenticate ${state}`)
  },
)

test('a connection test says what it found, step by step', async () => {
  expect(await probe('scram', { tls: 'verify-full' })).toEqual({
    passed: true,
    steps: [
      'tls passed: 1.3, verify-full, 62 days left',
      'authenticate passed: signed in as scram with scram-sha-256, bound to the TLS connection',
      expect.stringMatching(/^query passed: server is PostgreSQL \d+\.\d+$/),
    ],
  })
})

test('a connection test that fails says where, in the words of the target, and skips the rest', async () => {
  expect(await probe('scram', {}, { password: 'wrong' })).toEqual({
    passed: false,
    steps: [
      'tls skipped: this connection does not use it',
      'authenticate failed: refused by the target: 28P01 password authentication failed for user "scram"',
      'query skipped: not reached',
    ],
  })
  expect(await probe('scram', { tls: 'verify-full', ca: (await target.clientCertificate('x')).cert })).toEqual({
    passed: false,
    steps: [
      "tls failed: the target's certificate is not signed by an authority that this connection trusts",
      'authenticate skipped: not reached',
      'query skipped: not reached',
    ],
  })
})
