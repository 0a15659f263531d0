import 'reflect-metadata'
import { createPrivateKey, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate and its private key (P-256, PKCS #8), both PEM. */
export interface KeyPairPem {
  readonly cert: string
  readonly key: string
}

export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

export interface LeafRequest extends Validity {
  readonly commonName: string
  /** Host names and IP addresses; empty for a client's certificate. */
  readonly names: readonly string[]
  readonly usage: 'server' | 'client'
}

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const

/** A new self-signed authority that may sign leaves only (RFC 5280). */
export async function issueAuthority(commonName: string, validity: Validity): Promise<KeyPairPem> {
  const keys = await newKeys()
  const cert = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      serialNumber: serial(),
      name: [{ CN: [commonName] }],
      keys,
      signingAlgorithm: SIGNING,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as Crypto),
      ],
    },
    webcrypto as Crypto,
  )
  return { cert: pemOf(cert), key: await exportKey(keys.privateKey) }
}

/** A new key and a certificate for it, signed by `authority`. */
export async function issueLeaf(authority: KeyPairPem, request: LeafRequest): Promise<KeyPairPem> {
  const keys = await newKeys()
  const issuer = new X509Certificate(authority.cert)
  const usage = request.usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth
  const cert = await X509CertificateGenerator.create(
    {
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      serialNumber: serial(),
      subject: [{ CN: [request.commonName] }],
      issuer: issuer.subjectName,
      publicKey: keys.publicKey,
      signingKey: await importKey(authority.key),
      signingAlgorithm: SIGNING,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        await AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto as Crypto),
        ...(request.names.length > 0 ? [new SubjectAlternativeNameExtension(request.names.map(alternativeName))] : []),
      ],
    },
    webcrypto as Crypto,
  )
  return { cert: pemOf(cert), key: await exportKey(keys.privateKey) }
}

function alternativeName(name: string): { type: 'ip' | 'dns'; value: string } {
  return { type: isIP(name) ? 'ip' : 'dns', value: name }
}

/** 16 random bytes, positive, as RFC 5280 wants it. */
function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])) as CryptoKeyPair
}

async function exportKey(key: CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key as webcrypto.CryptoKey)
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }).export({
    format: 'pem',
    type: 'pkcs8',
  }) as string
}

async function importKey(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' })
  return (await webcrypto.subtle.importKey('pkcs8', der, EC, false, ['sign'])) as CryptoKey
}

function pemOf(cert: X509Certificate): string {
  return `${cert.toString('pem')}\n`
}
