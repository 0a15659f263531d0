import { randomBytes, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '../domain/clock'
import { SallyportError } from '../domain/errors'
import { issueAuthority, issueLeaf, type KeyPairPem, type Validity } from './certificates'

const DAY_MS = 86_400_000
/** Apple's and others' clients refuse servers' certificates that live longer than 398 days. */
const SERVER_DAYS = 180
const RENEW_DAYS = 60
const AUTHORITY_DAYS = 3_650
/** Clocks differ: what was made now must already be valid on a client a little behind. */
const BACKDATE_DAYS = 1

export interface ListenerNames {
  /** The portal's public address; its host is where clients find the listeners too. */
  readonly url: string
  /** The address that the listeners bind to. */
  readonly bind: string
}

/** Host names and addresses that the listeners' certificate must carry. */
export function listenerNames({ url, bind }: ListenerNames): readonly string[] {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const wildcard = bind === '0.0.0.0' || bind === '::' || bind === '*'
  return [...new Set(['localhost', '127.0.0.1', '::1', host, ...(wildcard ? [] : [bind])])]
}

/**
 * The listeners' certificate and key, PEM, signed by the gateway's own authority in `home/tls` (`ca.pem`). Makes what is missing,
 * renews what expires within 60 days or lacks a name. Processes may race: each gets a pair that fits `ca.pem`.
 * Throws `startup_failed` when the folder cannot be written.
 */
export async function ownListenerCertificate(
  home: string,
  names: readonly string[],
  clock: Clock,
): Promise<KeyPairPem & { readonly ca: string }> {
  const folder = join(home, 'tls')
  try {
    const authority = await readAuthority(folder, clock)
    const current = await readPair(join(folder, 'server.pem'))
    if (current && serves(current.cert, authority.cert, names, clock)) return { ...current, ca: authority.cert }
    const leaf = await issueLeaf(authority, {
      ...validity(clock, SERVER_DAYS),
      commonName: names[0] ?? 'localhost',
      names,
      usage: 'server',
    })
    await replaceFile(join(folder, 'server.pem'), leaf.cert + leaf.key)
    return { ...leaf, ca: authority.cert }
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause
    throw new SallyportError('startup_failed', `Cannot prepare the TLS certificates in ${folder}`, { cause })
  }
}

/** The authority that is there; else a new one. The folder appears whole, under one winner, or not at all. */
async function readAuthority(folder: string, clock: Clock): Promise<KeyPairPem> {
  const known = await readKnown(folder)
  if (known && !expiresWithin(known.cert, SERVER_DAYS, clock)) return known
  const fresh = await issueAuthority('Sallyport gateway authority', validity(clock, AUTHORITY_DAYS))
  if (known) {
    await writeAuthority(folder, fresh)
    return fresh
  }
  const draft = `${folder}.${randomBytes(6).toString('hex')}`
  await mkdir(draft, { recursive: true, mode: 0o700 })
  await writeAuthority(draft, fresh)
  try {
    await rename(draft, folder)
    return fresh
  } catch {
    await rm(draft, { recursive: true, force: true })
    const winner = await readKnown(folder)
    if (winner) return winner
    throw new SallyportError('startup_failed', `${folder} holds no usable certificate authority: move it away`)
  }
}

async function readKnown(folder: string): Promise<KeyPairPem | null> {
  return await readPair(join(folder, 'ca-key.pem'))
}

/** `ca-key.pem` holds the certificate too, so that one rename replaces both; `ca.pem` is the copy for clients. */
async function writeAuthority(folder: string, pair: KeyPairPem): Promise<void> {
  await replaceFile(join(folder, 'ca.pem'), pair.cert)
  await replaceFile(join(folder, 'ca-key.pem'), pair.cert + pair.key)
}

async function readPair(path: string): Promise<KeyPairPem | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const cert = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text)?.[0]
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text)?.[0]
  if (cert && key) return { cert, key }
  throw new SallyportError('startup_failed', `${path} is damaged: move it away to have it made anew`)
}

async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, text, { mode: 0o600, flush: true })
  await chmod(draft, 0o600)
  await rename(draft, path)
}

function serves(cert: string, authority: string, names: readonly string[], clock: Clock): boolean {
  if (expiresWithin(cert, RENEW_DAYS, clock)) return false
  const leaf = new X509Certificate(cert)
  if (!leaf.verify(new X509Certificate(authority).publicKey)) return false
  return names.every((name) => (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)) !== undefined)
}

function expiresWithin(cert: string, days: number, clock: Clock): boolean {
  return Date.parse(new X509Certificate(cert).validTo) - clock.now() < days * DAY_MS
}

function validity(clock: Clock, days: number): Validity {
  return {
    notBefore: new Date(clock.now() - BACKDATE_DAYS * DAY_MS),
    notAfter: new Date(clock.now() + days * DAY_MS),
  }
}
