import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { issueAuthority } from '#lib/crypto/certificates'
import { systemClock } from '#lib/domain/clock'
import { type ListenerTlsSettings, openListenerTls } from './listener-tls'

let home: string
const settings = (change: Partial<ListenerTlsSettings> = {}): ListenerTlsSettings => ({
  home,
  url: 'http://localhost:3000',
  bind: '127.0.0.1',
  certFile: undefined,
  keyFile: undefined,
  clock: systemClock,
  ...change,
})

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sallyport-listener-'))
})
afterEach(async () => {
  await rm(home, { recursive: true, force: true })
})

test('without configured files the gateway has a certificate of its own', async () => {
  expect((await openListenerTls(settings())).context()).toBeDefined()
})

test('configured files are used, and read again on refresh; a bad refresh keeps what there is', async () => {
  const times = { notBefore: new Date(), notAfter: new Date(Date.now() + 1e9) }
  const [certFile, keyFile] = [join(home, 'cert.pem'), join(home, 'key.pem')]
  const write = async ({ cert, key }: { cert: string; key: string }) => {
    await writeFile(certFile, cert)
    await writeFile(keyFile, key)
  }
  await write(await issueAuthority('one', times))
  const tls = await openListenerTls(settings({ certFile, keyFile }))
  const first = tls.context()
  await write(await issueAuthority('two', times))
  await tls.refresh()
  const second = tls.context()
  expect(second).not.toBe(first)
  await writeFile(keyFile, 'broken')
  await expect(tls.refresh()).rejects.toMatchObject({ code: 'startup_failed' })
  expect(tls.context()).toBe(second)
})

test.each<[Partial<ListenerTlsSettings>, RegExp]>([
  [{ certFile: '/nowhere/cert.pem' }, /together, or neither/],
  [{ keyFile: '/nowhere/key.pem' }, /together, or neither/],
  [{ certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' }, /SALLYPORT_TLS_CERT: \/nowhere\/cert\.pem/],
])('half or missing configuration (%j) stops the start with one clear line', async (change, words) => {
  await expect(openListenerTls(settings(change))).rejects.toThrow(words)
})
