import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { issueAuthority, issueLeaf } from '#lib/crypto/certificates'
import { type ChannelBinding, ScramClient } from './scram'
import { endPointBinding } from './scram-binding'
import { prepareScramPassword } from './scram-password'

/** RFC 7677, section 3. */
const RFC = {
  password: 'pencil',
  nonce: 'rOprNGfwEbeRWgbNEkqO',
  first: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  final: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

function client(change: { binding?: ChannelBinding; maxIterations?: number; user?: string } = {}): ScramClient {
  const { binding = { kind: 'none' }, maxIterations = 100_000, user = 'user' } = change
  return new ScramClient({ password: Buffer.from(RFC.password), nonce: RFC.nonce, binding, maxIterations }, user)
}

test('speaks the exchange of RFC 7677 to the letter and believes the server that proves itself', async () => {
  const scram = client()
  expect(scram.first()).toBe(RFC.first)
  expect(await scram.respond(RFC.serverFirst)).toBe(RFC.final)
  expect(() => scram.verify(RFC.serverFinal)).not.toThrow()
})

test('the password is wiped once it is used', async () => {
  const password = Buffer.from(RFC.password)
  const scram = new ScramClient({ password, nonce: RFC.nonce, binding: { kind: 'none' }, maxIterations: 4096 }, 'user')
  await scram.respond(RFC.serverFirst)
  expect(password.equals(Buffer.alloc(RFC.password.length))).toBe(true)
})

test.each([
  ['another signature', 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl96G4='],
  ['an empty signature', 'v='],
  ['an error', 'e=other-error'],
  ['nothing', ''],
  ['a signature with something behind it', `${RFC.serverFinal},x=y`],
])('a server that proves itself with %s is not believed', async (_what, final) => {
  const scram = client()
  await scram.respond(RFC.serverFirst)
  expect(() => scram.verify(final)).toThrow(/could not prove/)
})

test('a signature is believed once only, and never before the challenge', async () => {
  const scram = client()
  expect(() => scram.verify(RFC.serverFinal)).toThrow()
  await scram.respond(RFC.serverFirst)
  scram.verify(RFC.serverFinal)
  expect(() => scram.verify(RFC.serverFinal)).toThrow()
})

test.each([
  ['a nonce that is not ours', RFC.serverFirst.replace('r=rOpr', 'r=xOpr')],
  ['our nonce with nothing added', `r=${RFC.nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
  ['no salt', RFC.serverFirst.replace(/s=[^,]*/, 's=')],
  ['no iterations', RFC.serverFirst.replace('i=4096', 'i=0')],
  ['negative iterations', RFC.serverFirst.replace('i=4096', 'i=-1')],
  ['a mandatory extension', `m=x,${RFC.serverFirst}`],
  ['something behind it', `${RFC.serverFirst},x=y`],
  ['a line end', `${RFC.serverFirst}\n`],
])('a challenge with %s is refused', async (_what, serverFirst) => {
  await expect(client().respond(serverFirst)).rejects.toThrow(/SCRAM challenge/)
})

test('iterations are taken up to the cap and refused beyond it, before anything is computed', async () => {
  const at = (count: number) => RFC.serverFirst.replace('i=4096', `i=${count}`)
  await expect(client({ maxIterations: 5_000 }).respond(at(4_999))).resolves.toContain('p=')
  await expect(client({ maxIterations: 5_000 }).respond(at(5_000))).resolves.toContain('p=')
  await expect(client({ maxIterations: 5_000 }).respond(at(5_001))).rejects.toThrow(/5001 SCRAM iterations/)
  await expect(client().respond(at(2_147_483_647))).rejects.toThrow(/more than the 100000 allowed/)
})

test('the gs2 header says what is bound', async () => {
  const data = Buffer.from('binding')
  expect(client({ binding: { kind: 'unoffered' } }).first()).toMatch(/^y,,/)
  const bound = client({ binding: { kind: 'bound', data } })
  expect(bound.first()).toMatch(/^p=tls-server-end-point,,/)
  const final = await bound.respond(RFC.serverFirst)
  const input = Buffer.from(/^c=([^,]*),/.exec(final)?.[1] ?? '', 'base64')
  expect(input.toString()).toBe('p=tls-server-end-point,,binding')
})

test('arbitrary challenges only ever give a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      await expect(client().respond(text)).rejects.toThrow(/SCRAM challenge/)
    }),
    { numRuns: 200 },
  )
})

test('passwords are prepared as PostgreSQL prepares them (RFC 4013)', () => {
  const prepared = (text: string) => prepareScramPassword(Buffer.from(text)).toString()
  expect(prepared('pencil ~!')).toBe('pencil ~!')
  expect(prepared('I\u00adX')).toBe('IX')
  expect(prepared('\u00aa')).toBe('a')
  expect(prepared('\u2168')).toBe('IX')
  expect(prepared('a\u00a0b')).toBe('a b')
  // What the profile prohibits is taken as it is.
  expect(prepared('a\u0007b')).toBe('a\u0007b')
  expect(prepared('\u0627\u0031')).toBe('\u0627\u0031')
  expect(prepareScramPassword(Buffer.from([0xff, 0x61])).equals(Buffer.from([0xff, 0x61]))).toBe(true)
})

test('preparing leaves the given bytes alone and gives new ones', () => {
  const given = Buffer.from('pencil')
  prepareScramPassword(given).fill(0)
  expect(given.toString()).toBe('pencil')
})

test('a certificate is bound by the hash of its own signature', async () => {
  const times = { notBefore: new Date(0), notAfter: new Date(4e12) }
  const authority = await issueAuthority('a', times)
  const leaf = await issueLeaf(authority, { ...times, commonName: 'b', names: ['b'], usage: 'server' })
  const der = Buffer.from(leaf.cert.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  expect(endPointBinding(der)).toEqual(createHash('sha256').update(der).digest())
})

test('what is no certificate binds nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(endPointBinding(bytes)).toBeNull()
    }),
  )
})
