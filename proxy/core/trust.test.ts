import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, rootCertificates, type Server } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueAuthority, issueLeaf, type KeyPairPem } from '#lib/crypto/certificates'
import { createDial } from './dial'
import type { Reach, TlsPeer } from './ports'
import { systemTrust } from './trust'

let folder: string
let bundle: string
let authority: KeyPairPem
let client: KeyPairPem
let server: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-trust-'))
  bundle = join(folder, 'ca-certificates.crt')
  const times = { notBefore: new Date(Date.now() - 1e8), notAfter: new Date(Date.now() + 1e9) }
  authority = await issueAuthority('company', times)
  client = await issueLeaf(authority, { ...times, commonName: 'gateway', names: [], usage: 'client' })
  await writeFile(bundle, authority.cert)
  const pair = await issueLeaf(authority, { ...times, commonName: 'db', names: ['db.internal'], usage: 'server' })
  server = createServer({
    cert: pair.cert,
    key: pair.key,
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: false,
  })
  server.on('secureConnection', (socket) =>
    socket.on('error', () => undefined).end(socket.authorized ? 'known' : 'unknown'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

async function startTls(bundles: string[], withClient: 'with' | 'without'): Promise<{ peer: TlsPeer; said: string }> {
  const dial = createDial({ allow: ['127.0.0.0/8'], own: [], trust: systemTrust(bundles) })
  const { port } = server.address() as AddressInfo
  const reach = { connection: { host: '127.0.0.1', port } } as unknown as Reach
  const { upstream } = await dial(reach, new AbortController().signal)
  const own = { clientCert: Buffer.from(client.cert), clientKey: Buffer.from(client.key) }
  const peer = await upstream.startTls({
    serverName: 'db.internal',
    verify: 'full',
    ...(withClient === 'with' ? own : {}),
  })
  const said = await new Promise<string>((resolve) =>
    upstream.read(
      (chunk) => resolve(chunk.toString()),
      () => undefined,
    ),
  )
  upstream.destroy()
  return { peer, said }
}

test('a connection that names no authority trusts the system’s, with and without a client certificate', async () => {
  const bundles = [join(folder, 'missing'), bundle]
  expect(await startTls(bundles, 'without')).toMatchObject({ peer: { version: '1.3' }, said: 'unknown' })
  expect(await startTls(bundles, 'with')).toMatchObject({ peer: { version: '1.3' }, said: 'known' })
})

test('what the system does not trust is refused', async () => {
  await expect(startTls([join(folder, 'missing')], 'without')).rejects.toThrow(/not signed by an authority/)
  await expect(startTls([join(folder, 'missing')], 'with')).rejects.toThrow(/not signed by an authority/)
})

test('a system without a bundle has the authorities that come with Node', async () => {
  expect(await systemTrust([join(folder, 'missing')]).authorities()).toEqual([...rootCertificates])
  expect(await systemTrust([bundle]).authorities()).toEqual([authority.cert])
})
