import { readFile } from 'node:fs/promises'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'

/** Where systems keep the authorities that their administrators trust. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
]

/** The authorities that targets' certificates are checked against where a connection names none. */
export interface Trust {
  /** PEM texts: the system's, else those that come with Node. */
  authorities(): Promise<string[]>
  /** The same, ready to use: hundreds of certificates are too much to read for every connection. */
  context(): Promise<SecureContext>
}

/** Reads them when they are first asked for, once. */
export function systemTrust(bundles: readonly string[] = BUNDLES): Trust {
  let authorities: Promise<string[]> | null = null
  let context: Promise<SecureContext> | null = null
  const read = () => {
    authorities ??= firstBundle(bundles)
    return authorities
  }
  return {
    authorities: read,
    context: () => {
      context ??= read().then((ca) => createSecureContext({ ca, minVersion: 'TLSv1.2' }))
      return context
    },
  }
}

async function firstBundle(bundles: readonly string[]): Promise<string[]> {
  for (const path of bundles) {
    const text = await readFile(path, 'utf8').catch(() => '')
    if (text.includes('BEGIN CERTIFICATE')) return [text]
  }
  return [...rootCertificates]
}
