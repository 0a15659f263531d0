import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { issueAuthority, issueLeaf, type KeyPairPem } from '#lib/crypto/certificates'
import type { PostgresAuthMethod, PostgresSettings } from '#lib/domain/connection'
import { errorResponse } from './codec/encode'
import {
  AUTH,
  authentication,
  backendKeyData,
  cstring,
  int32,
  message,
  parameterStatus,
  readyForQuery,
} from './handshake-messages'
import { type FakeServer, fakeServer, type Peer } from './testing/fake-server'
import { type FakeReach, PASSWORD, reachTo, type SignInRun, settingsWith, signInTo } from './testing/reach'
import { serveScram } from './testing/scram-server'
import { TargetFailure } from './upstream-failure'

let authority: KeyPairPem
let pair: KeyPairPem
let server: FakeServer | null = null
let run: SignInRun | null = null

beforeAll(async () => {
  const times = { notBefore: new Date(Date.now() - 1e8), notAfter: new Date(Date.now() + 62.5 * 86_400_000) }
  authority = await issueAuthority('target', times)
  pair = await issueLeaf(authority, { ...times, commonName: 'db', names: ['db.internal'], usage: 'server' })
})

afterEach(async () => {
  run?.dialled.upstream.destroy()
  run = null
  await server?.close()
  server = null
})

const KEY = { processId: 99, secret: Buffer.from('cafebabe', 'hex') }
const GREETING = [parameterStatus('server_version', '15.18'), backendKeyData(KEY), readyForQuery('I')]
const OK = authentication(AUTH.ok)

async function signIn(
  settings: Partial<PostgresSettings>,
  script: (peer: Peer) => Promise<void>,
  ...more: ((peer: Peer) => Promise<void>)[]
): Promise<SignInRun & { reach: FakeReach }> {
  server = await fakeServer(script, ...more)
  const reach = reachTo(server.port, { host: 'db.internal' })
  run = await signInTo(reach, settingsWith(settings))
  await Promise.all(server.served)
  return { ...run, reach }
}

/** Why the gateway would not go on with this target, and what it had sent by then. */
async function failure(
  settings: Partial<PostgresSettings>,
  script: (peer: Peer) => Promise<void>,
  ...more: ((peer: Peer) => Promise<void>)[]
): Promise<TargetFailure & { sent: Buffer[] }> {
  const error = await signIn(settings, script, ...more).catch((reason: unknown) => reason)
  if (!(error instanceof TargetFailure)) throw new Error(`expected a failure, got ${String(error)}`)
  return error as TargetFailure & { sent: Buffer[] }
}

function after(reply: (peer: Peer) => Promise<void> | void) {
  return async (peer: Peer) => {
    await peer.packet()
    await reply(peer)
  }
}

test('SCRAM: the target proves itself, and the session gets what it reported', async () => {
  const { signedIn, reach, sent } = await signIn(
    {},
    after(async (peer) => {
      await serveScram(peer, { password: PASSWORD })
      peer.say(OK, ...GREETING, message('A', Buffer.alloc(6)))
    }),
  )
  expect(Object.fromEntries(signedIn.parameters)).toEqual({ server_version: '15.18' })
  expect(signedIn.key).toEqual(KEY)
  expect(reach.opened.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true])
  expect(Buffer.concat(sent).includes(PASSWORD)).toBe(false)
  expect(sent[0]?.toString('latin1', 8)).toBe('user\0app\0database\0shop\0client_encoding\0UTF8\0\0')
})

test('bytes behind the first ReadyForQuery are kept for the session', async () => {
  const extra = message('A', int32(1), cstring('c'), cstring(''))
  const { signedIn } = await signIn(
    { auth: ['trust'] },
    after((peer) => peer.say(Buffer.concat([OK, ...GREETING, extra]))),
  )
  expect(signedIn.head).toEqual(extra)
})

test('a greeting cut at every byte is the same greeting', async () => {
  const all = Buffer.concat([OK, message('N', Buffer.from('SNOTICE\0Mhello\0\0')), ...GREETING])
  const { signedIn } = await signIn(
    { auth: ['trust'] },
    after(async (peer) => {
      peer.socket.setNoDelay(true)
      for (const byte of all) {
        peer.say(Buffer.from([byte]))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }),
  )
  expect(signedIn.notices).toHaveLength(1)
  expect(signedIn.key).toEqual(KEY)
})

test('MD5 is answered with the hash, where the connection lists it, and wiped afterwards', async () => {
  const salt = Buffer.from([1, 2, 3, 4])
  const { reach } = await signIn(
    { auth: ['md5'] },
    after(async (peer) => {
      peer.say(message('R', int32(AUTH.md5), salt))
      const inner = createHash('md5').update(`${PASSWORD}app`).digest('hex')
      const hash = createHash('md5').update(inner).update(salt).digest('hex')
      expect((await peer.message()).body.toString()).toBe(`md5${hash}\0`)
      peer.say(OK, ...GREETING)
    }),
  )
  expect(reach.opened.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true])
})

test('a clear-text password is sent where the connection lists that, and wiped afterwards', async () => {
  let answered: Buffer = Buffer.alloc(0)
  server = await fakeServer(
    after(async (peer) => {
      peer.say(message('R', int32(AUTH.cleartext)))
      answered = (await peer.message()).body
      peer.say(OK, ...GREETING)
    }),
  )
  const reach = reachTo(server.port)
  run = await signInTo(reach, settingsWith({ auth: ['cleartext'] }))
  expect(answered.toString()).toBe(`${PASSWORD}\0`)
  expect(reach.opened.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true)
})

test.each<[string, PostgresAuthMethod[], Buffer, RegExp]>([
  [
    'a clear-text password',
    ['scram-sha-256', 'md5'],
    message('R', int32(AUTH.cleartext)),
    /clear-text password.*not allow/,
  ],
  ['an MD5 password', ['scram-sha-256', 'cleartext'], message('R', int32(AUTH.md5), Buffer.alloc(4)), /MD5.*not allow/],
  ['SCRAM', ['md5'], message('R', int32(AUTH.sasl), cstring('SCRAM-SHA-256'), Buffer.alloc(1)), /SCRAM.*not allow/],
  ['nothing', ['scram-sha-256', 'cert'], OK, /without proof.*not allow/],
  ['Kerberos', ['scram-sha-256', 'trust'], message('R', int32(7)), /GSSAPI.*not support/],
  ['something unknown', ['scram-sha-256'], message('R', int32(99)), /not support/],
])('a target that asks for %s where that is not listed gets nothing', async (_what, auth, request, words) => {
  let got = -1
  const error = await failure(
    { auth },
    after(async (peer) => {
      peer.say(request)
      got = (await peer.rest()).length
    }),
  )
  expect(error.message).toMatch(words)
  expect(error.sent).toHaveLength(1)
  await Promise.all(server?.served ?? [])
  expect(got).toBe(0)
})

test.each<[string, (peer: Peer) => Promise<unknown>, RegExp]>([
  ['lets the gateway in half way', async (p) => scramStart(p).then(() => p.say(OK, ...GREETING)), /broke off/],
  ['skips its proof', async (p) => skipProof(p), /broke off/],
  [
    'cannot prove itself',
    async (p) => serveScram(p, { password: PASSWORD, proof: () => `v=${'A'.repeat(43)}=` }),
    /could not prove/,
  ],
  [
    'answers another sign-in',
    async (p) => serveScram(p, { password: PASSWORD, challenge: (c) => c.replace('r=', 'r=x') }),
    /does not answer this/,
  ],
  [
    'adds nothing to the nonce',
    async (p) => serveScram(p, { password: PASSWORD, challenge: (c) => c.replace('SERVER', '') }),
    /does not answer this/,
  ],
  [
    'wants a hundred thousand and one iterations',
    async (p) => serveScram(p, { password: PASSWORD, iterations: 100_001 }),
    /100001 SCRAM iterations/,
  ],
  [
    'wants two billion',
    async (p) => serveScram(p, { password: PASSWORD, challenge: (c) => c.replace('i=4096', 'i=2000000000') }),
    /2000000000 SCRAM/,
  ],
  [
    'offers unknown mechanisms only',
    async (p) => serveScram(p, { password: PASSWORD, mechanisms: ['SCRAM-SHA-1', 'PLAIN'] }),
    /no SCRAM mechanism/,
  ],
  [
    'switches to a clear-text password',
    async (p) => scramStart(p).then(() => p.say(message('R', int32(AUTH.cleartext)))),
    /broke off/,
  ],
])('SCRAM: a target that %s is not trusted', async (_what, script, words) => {
  const error = await failure(
    {},
    after(async (peer) => void (await script(peer).catch(() => undefined))),
  )
  expect(error.message).toMatch(words)
  expect(error.sqlState).toBe('28000')
})

async function scramStart(peer: Peer): Promise<void> {
  peer.say(message('R', int32(AUTH.sasl), cstring('SCRAM-SHA-256'), Buffer.alloc(1)))
  await peer.message()
}

async function skipProof(peer: Peer): Promise<void> {
  peer.say(message('R', int32(AUTH.sasl), cstring('SCRAM-SHA-256'), Buffer.alloc(1)))
  const first = (await peer.message()).body.toString('latin1')
  const nonce = first.slice(first.indexOf('r=') + 2)
  peer.say(message('R', int32(AUTH.saslContinue), Buffer.from(`r=${nonce}S,s=AAAA,i=4096`)))
  await peer.message()
  peer.say(OK, ...GREETING)
}

test('no password configured: nothing is sent', async () => {
  server = await fakeServer(after((peer) => peer.say(message('R', int32(AUTH.cleartext)))))
  const reach = reachTo(server.port, { secrets: {} })
  await expect(signInTo(reach, settingsWith({ auth: ['cleartext'] }))).rejects.toThrow(/has none/)
})

test.each([
  ['28P01', '28000', /did not accept the gateway's credentials/],
  ['3D000', '3D000', /no such database/],
  ['53300', '53300', /no more connections/],
  ['57P03', '57P03', /starting up/],
  ['22023', '22023', /startup parameter/],
  ['XX000', '08006', /refused the connection/],
  ['bogus\u202e', '08006', /SQLSTATE XX000/],
])('a target that refuses with %s is told of without its own words', async (code, sqlState, words) => {
  const error = await failure(
    {},
    after((peer) =>
      peer.say(errorResponse({ severity: 'FATAL', code, message: 'user "app" at 10.1.2.3\u001b[31m\u202e' })),
    ),
  )
  expect(error.sqlState).toBe(sqlState)
  expect(error.message).toMatch(words)
  expect(error.message).not.toContain('10.1.2.3')
  expect(error.report).toContain('user "app" at 10.1.2.3?[31m?')
})

test('a target that was told the password cannot have it reported', async () => {
  const error = await failure(
    { auth: ['cleartext'] },
    after(async (peer) => {
      peer.say(message('R', int32(AUTH.cleartext)))
      const { body } = await peer.message()
      peer.say(errorResponse({ severity: 'FATAL', code: '28P01', message: `not ${body.toString()}` }))
    }),
  )
  expect(`${error.message} ${error.report}`).not.toContain(PASSWORD)
})

test.each<[string, Buffer, RegExp]>([
  ['an HTTP server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /no place in a sign-in/],
  ['an SSH server', Buffer.from('SSH-2.0-OpenSSH_9\r\n'), /too long/],
  ['a query result', message('D', Buffer.alloc(2)), /no place in a sign-in/],
  ['a message of 2 GB', Buffer.from('R\x7f\xff\xff\xff', 'latin1'), /too long/],
  ['a message of no length', Buffer.from('R\0\0\0\0', 'latin1'), /./],
  ['an empty authentication request', message('R'), /something else/],
  ['a malformed error', message('E', Buffer.from('Sxx')), /./],
  ['ready without a sign-in', readyForQuery('I'), /something else/],
])('%s at the other end ends the sign-in', async (_what, bytes, words) => {
  expect(
    (
      await failure(
        {},
        after((peer) => peer.say(bytes)),
      )
    ).message,
  ).toMatch(words)
})

test.each<[string, Buffer, RegExp]>([
  ['a second authentication', Buffer.concat([OK, OK]), /twice/],
  ['a transaction nobody began', Buffer.concat([OK, readyForQuery('T')]), /transaction/],
  ['a cancel key of another length', Buffer.concat([OK, message('K', Buffer.alloc(4))]), /cancel key/],
  ['a malformed parameter', Buffer.concat([OK, message('S', Buffer.from('x'))]), /./],
])('%s in the greeting ends the sign-in', async (_what, bytes, words) => {
  expect(
    (
      await failure(
        { auth: ['trust'] },
        after((peer) => peer.say(bytes)),
      )
    ).message,
  ).toMatch(words)
})

test('a target that never stops greeting is cut off', async () => {
  const notice = message('N', Buffer.from(`M${'x'.repeat(30_000)}\0\0`))
  const error = await failure(
    { auth: ['trust'] },
    after(async (peer) => {
      peer.say(OK)
      for (let i = 0; i < 64; i++) peer.say(notice)
      await peer.rest()
    }),
  )
  expect(error.message).toMatch(/sent too much/)
})

test('a target that closes is told of', async () => {
  expect(
    (
      await failure(
        {},
        after((peer) => peer.end()),
      )
    ).message,
  ).toMatch(/closed the connection/)
})

test('a target that says nothing is given up when its time is up, an ended session at once', async () => {
  server = await fakeServer(after(async (peer) => void (await peer.rest())))
  const timers: (() => void)[] = []
  const signing = signInTo(reachTo(server.port), settingsWith(), {
    startTimer: (_ms, expire) => {
      timers.push(expire)
      return () => undefined
    },
  })
  while (timers.length === 0) await new Promise((resolve) => setImmediate(resolve))
  timers[0]?.()
  await expect(signing).rejects.toThrow(/within 15 seconds/)
  const ended = AbortSignal.abort(new Error('ended'))
  await expect(signInTo(reachTo(server.port), settingsWith(), { signal: ended })).rejects.toThrow(TargetFailure)
})

test('a session that ends during a TLS handshake does not wait for it', async () => {
  const ending = new AbortController()
  server = await fakeServer(async (peer) => {
    await answerTls(peer, 'S')
    await peer.read(5)
    ending.abort(new Error('ended'))
    await peer.rest()
  })
  const signing = signInTo(reachTo(server.port), settingsWith({ tls: 'require' }), { signal: ending.signal })
  await expect(signing).rejects.toThrow(TargetFailure)
})

test('arbitrary bytes at any stage only ever end the sign-in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('disable', 'require', 'prefer'),
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 4 }),
      async (tls, chunks) => {
        const hostile = await fakeServer(async (peer) => {
          for (const chunk of chunks) peer.say(chunk)
          peer.end()
        })
        await expect(signInTo(reachTo(hostile.port), settingsWith({ tls }))).rejects.toThrow(TargetFailure)
        await hostile.close()
      },
    ),
    { numRuns: 60 },
  )
})

async function answerTls(peer: Peer, answer: string): Promise<void> {
  expect((await peer.packet()).code).toBe(80_877_103)
  peer.say(answer)
}

async function overTls(peer: Peer): Promise<void> {
  await answerTls(peer, 'S')
  await peer.serveTls(pair)
}

const trusted = after((peer) => peer.say(OK, ...GREETING))

test.each<PostgresSettings['tls']>(['require', 'verify-ca', 'verify-full'])(
  '%s: encrypted, and told how',
  async (tls) => {
    const { signedIn } = await signIn({ tls, ca: authority.cert, auth: ['trust'] }, async (peer) => {
      await overTls(peer)
      await trusted(peer)
    })
    expect(signedIn.tls).toMatchObject({ version: '1.3', validDays: 62, certified: false })
  },
)

test.each<PostgresSettings['tls']>(['require', 'verify-ca', 'verify-full'])(
  '%s: a target without TLS is refused',
  async (tls) => {
    let seen = -1
    const error = await failure({ tls, auth: ['trust'] }, async (peer) => {
      await answerTls(peer, 'N')
      seen = (await peer.rest()).length
    })
    expect(error.message).toMatch(/offers no TLS/)
    await Promise.all(server?.served ?? [])
    expect(seen).toBe(0)
  },
)

test.each<[string, Partial<PostgresSettings>, RegExp]>([
  ['verify-full with a name that is not in it', { tls: 'verify-full' }, /another host name/],
  ['verify-ca with another authority', { tls: 'verify-ca', ca: '' }, /not signed by an authority/],
  ['verify-full without an authority of ours', { tls: 'verify-full', ca: '' }, /not signed by an authority/],
  ['require with an authority, which then counts', { tls: 'require', ca: '' }, /not signed by an authority/],
])("a target's certificate is refused: %s", async (_what, settings, words) => {
  const other = await issueAuthority('other', { notBefore: new Date(0), notAfter: new Date(4e12) })
  server = await fakeServer(async (peer) => void (await overTls(peer).catch(() => undefined)))
  const host = settings.ca === '' ? 'db.internal' : 'other.internal'
  const ca = settings.ca === '' ? other.cert : authority.cert
  const signing = signInTo(reachTo(server.port, { host }), settingsWith({ ...settings, ca, auth: ['trust'] }))
  await expect(signing).rejects.toThrow(words)
})

test('require without an authority takes any certificate; verify-ca any name', async () => {
  const serve = async (peer: Peer) => {
    await overTls(peer)
    await trusted(peer)
  }
  expect((await signIn({ tls: 'require', auth: ['trust'] }, serve)).signedIn.tls).not.toBeNull()
  await server?.close()
  server = await fakeServer(serve)
  run = await signInTo(
    reachTo(server.port, { host: 'wrong' }),
    settingsWith({ tls: 'verify-ca', ca: authority.cert, auth: ['trust'] }),
  )
  expect(run.signedIn.tls).not.toBeNull()
})

test.each(['SR', 'NR', 'S\u0016\u0003'])('data before TLS (%j) ends the sign-in', async (answer) => {
  const error = await failure({ tls: 'prefer', auth: ['trust'] }, (peer) => answerTls(peer, answer))
  expect(error.message).toMatch(/before TLS began/)
})

test.each(['E', 'X', '\0'])('an answer of %j to the request for TLS ends the sign-in', async (answer) => {
  const error = await failure({ tls: 'prefer' }, (peer) => answerTls(peer, answer))
  expect(error.message).toMatch(/does not speak PostgreSQL/)
})

test('prefer: encrypted where the target can, plain on the same connection where it cannot', async () => {
  const { signedIn } = await signIn({ tls: 'prefer', auth: ['trust'] }, async (peer) => {
    await answerTls(peer, 'N')
    await trusted(peer)
  })
  expect(signedIn.tls).toBeNull()
  expect(server?.served).toHaveLength(1)
})

test('prefer: a TLS that breaks is followed by plain on a fresh connection', async () => {
  const { signedIn } = await signIn(
    { tls: 'prefer', auth: ['trust'] },
    async (peer) => {
      await answerTls(peer, 'S')
      peer.end()
    },
    trusted,
  )
  expect(signedIn.tls).toBeNull()
  expect(server?.served).toHaveLength(2)
})

const noEntry = errorResponse({ severity: 'FATAL', code: '28000', message: 'no pg_hba.conf entry' })

test('allow: plain first, TLS on a fresh connection when the target does not want it plain', async () => {
  const { signedIn } = await signIn(
    { tls: 'allow', auth: ['trust'] },
    after((peer) => peer.say(noEntry)),
    async (peer) => {
      await overTls(peer)
      await trusted(peer)
    },
  )
  expect(signedIn.tls).not.toBeNull()
})

test('no mode falls back once a credential was asked for', async () => {
  const error = await failure(
    { tls: 'allow', auth: ['md5'] },
    after(async (peer) => {
      peer.say(message('R', int32(AUTH.md5), Buffer.alloc(4)))
      await peer.message()
      peer.say(noEntry)
    }),
  )
  expect(error.message).toMatch(/credentials/)
  expect(server?.served).toHaveLength(1)
})

test.each<PostgresSettings['tls']>(['require', 'verify-ca', 'verify-full'])(
  '%s never falls back to plain',
  async (tls) => {
    await failure({ tls, ca: authority.cert, auth: ['trust'] }, async (peer) => {
      await overTls(peer)
      await peer.packet()
      peer.say(noEntry)
    })
    expect(server?.served).toHaveLength(1)
  },
)

test('SCRAM over TLS is bound to it when the target offers that', async () => {
  let said = { mechanism: '', final: '' }
  await signIn({ tls: 'verify-full', ca: authority.cert }, async (peer) => {
    await overTls(peer)
    await peer.packet()
    said = await serveScram(peer, { password: PASSWORD, mechanisms: ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'] })
    peer.say(OK, ...GREETING)
  })
  const der = Buffer.from(pair.cert.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  const input = Buffer.concat([Buffer.from('p=tls-server-end-point,,'), createHash('sha256').update(der).digest()])
  expect(said.mechanism).toBe('SCRAM-SHA-256-PLUS')
  expect(said.final).toContain(`c=${input.toString('base64')},`)
})

test('SCRAM over TLS without the offer says that binding would have been possible', async () => {
  let said = { mechanism: '', final: '' }
  await signIn({ tls: 'require' }, async (peer) => {
    await overTls(peer)
    await peer.packet()
    said = await serveScram(peer, { password: PASSWORD })
    peer.say(OK, ...GREETING)
  })
  expect(said.mechanism).toBe('SCRAM-SHA-256')
  expect(said.final).toContain(`c=${Buffer.from('y,,').toString('base64')},`)
})

test('cert: let in without a question only with TLS and a certificate of ours', async () => {
  const times = { notBefore: new Date(Date.now() - 1e8), notAfter: new Date(Date.now() + 1e9) }
  const own = await issueLeaf(authority, { ...times, commonName: 'app', names: [], usage: 'client' })
  const settings = settingsWith({ tls: 'verify-full', ca: authority.cert, auth: ['cert'] })
  server = await fakeServer(
    async (peer) => {
      await answerTls(peer, 'S')
      await peer.serveTls(pair, { ca: authority.cert })
      await trusted(peer)
    },
    async (peer) => {
      await overTls(peer)
      await trusted(peer)
    },
  )
  const secrets = { clientCert: own.cert, clientKey: own.key }
  const reach = reachTo(server.port, { host: 'db.internal', secrets })
  run = await signInTo(reach, settings)
  expect(run.signedIn.tls?.certified).toBe(true)
  expect(reach.opened).toHaveLength(2)
  expect(reach.opened.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true)
  const without = reachTo(server.port, { host: 'db.internal', secrets: {} })
  await expect(signInTo(without, settings)).rejects.toThrow(/without proof/)
})
