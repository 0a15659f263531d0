import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listenerNames, ownListenerCertificate } from './ca'

const DAY_MS = 86_400_000
const at = (days: number) => ({ now: () => Date.now() + days * DAY_MS, monotonicMs: () => 0 })
const NAMES = listenerNames({ url: 'https://gate.example.com:8443', bind: '10.1.2.3' })
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sallyport-ca-'))
})
afterEach(async () => {
  await rm(home, { recursive: true, force: true })
})

test('the certificate names loopback, the public host and the bound address, and no wildcard', () => {
  expect(NAMES).toEqual(['localhost', '127.0.0.1', '::1', 'gate.example.com', '10.1.2.3'])
  expect(listenerNames({ url: 'http://[2001:db8::1]:3000', bind: '0.0.0.0' })).toEqual([
    'localhost',
    '127.0.0.1',
    '::1',
    '2001:db8::1',
  ])
})

test('a client that trusts ca.pem gets a verified connection under every name', async () => {
  const pair = await ownListenerCertificate(home, NAMES, at(0))
  const ca = await readFile(join(home, 'tls', 'ca.pem'), 'utf8')
  const server = createServer({ cert: pair.cert, key: pair.key }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  for (const servername of ['localhost', 'gate.example.com']) {
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const client = connect({ host: '127.0.0.1', port, ca, servername }, () => resolve(client))
      client.once('error', reject)
    })
    expect(socket.authorized).toBe(true)
    socket.destroy()
  }
  server.close()
  const leaf = new X509Certificate(pair.cert)
  for (const address of ['127.0.0.1', '::1', '10.1.2.3']) expect(leaf.checkIP(address)).toBe(address)
  expect(leaf.checkHost('other.example.com')).toBeUndefined()
})

test('files are for the owner only, and a second start keeps them', async () => {
  const first = await ownListenerCertificate(home, NAMES, at(0))
  expect((await readdir(join(home, 'tls'))).sort()).toEqual(['ca-key.pem', 'ca.pem', 'server.pem'])
  for (const name of await readdir(join(home, 'tls')))
    expect((await stat(join(home, 'tls', name))).mode & 0o777).toBe(0o600)
  expect(await ownListenerCertificate(home, NAMES, at(1))).toEqual(first)
  expect(await readdir(home)).toEqual(['tls'])
})

test('is renewed before it expires, under the same authority', async () => {
  const first = await ownListenerCertificate(home, NAMES, at(0))
  const renewed = await ownListenerCertificate(home, NAMES, at(125))
  expect(renewed.cert).not.toBe(first.cert)
  expect(renewed.ca).toBe(first.ca)
  expect(Date.parse(new X509Certificate(renewed.cert).validTo)).toBeGreaterThan(Date.now() + 250 * DAY_MS)
})

test('is replaced when the public address changes', async () => {
  const first = await ownListenerCertificate(home, NAMES, at(0))
  const moved = await ownListenerCertificate(home, [...NAMES, 'new.example.com'], at(0))
  expect(moved.cert).not.toBe(first.cert)
  expect(new X509Certificate(moved.cert).checkHost('new.example.com')).toBe('new.example.com')
})

test('an authority near its end is replaced together with the certificate', async () => {
  const first = await ownListenerCertificate(home, NAMES, at(0))
  const later = await ownListenerCertificate(home, NAMES, at(3_600))
  expect(later.ca).not.toBe(first.ca)
  expect(new X509Certificate(later.cert).verify(new X509Certificate(later.ca).publicKey)).toBe(true)
})

test('processes that race for the first start agree on one authority', async () => {
  const pairs = await Promise.all(Array.from({ length: 6 }, () => ownListenerCertificate(home, NAMES, at(0))))
  expect(new Set(pairs.map(({ ca }) => ca)).size).toBe(1)
  expect(await readdir(home)).toEqual(['tls'])
})

test('a damaged file stops the start with its name, and is not overwritten', async () => {
  await ownListenerCertificate(home, NAMES, at(0))
  await writeFile(join(home, 'tls', 'ca-key.pem'), 'not a key')
  await expect(ownListenerCertificate(home, NAMES, at(0))).rejects.toThrow(/ca-key\.pem is damaged/)
  expect(await readFile(join(home, 'tls', 'ca-key.pem'), 'utf8')).toBe('not a key')
})
