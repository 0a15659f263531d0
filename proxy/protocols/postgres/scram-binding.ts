import { createHash } from 'node:crypto'

/**
 * Hash by signature algorithm, DER of the object id in hex. RFC 5929 takes the certificate's own hash, with SHA-256 in the place of
 * MD5 and SHA-1. Algorithms without a single hash (Ed25519, RSA-PSS) are not here: they give no binding.
 */
const HASHES: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'sha256', // md5WithRSAEncryption
  '2a864886f70d010105': 'sha256', // sha1WithRSAEncryption
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a864886f70d01010e': 'sha224',
  '2a8648ce3d0401': 'sha256', // ecdsa-with-SHA1
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
}

/** The tls-server-end-point binding of a certificate (DER); null when its algorithm gives none or it cannot be read. */
export function endPointBinding(certificate: Uint8Array): Buffer | null {
  const hash = HASHES[signatureAlgorithm(Buffer.from(certificate)) ?? '']
  return hash === undefined ? null : createHash(hash).update(certificate).digest()
}

/** Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { algorithm OBJECT IDENTIFIER … } … } */
function signatureAlgorithm(der: Buffer): string | null {
  const certificate = element(der, 0, 0x30)
  const signed = certificate && element(der, certificate.from, 0x30)
  const algorithm = signed && element(der, signed.to, 0x30)
  const id = algorithm && element(der, algorithm.from, 0x06)
  return id ? der.toString('hex', id.from, id.to) : null
}

function element(der: Buffer, at: number, tag: number): { from: number; to: number } | null {
  if (at + 2 > der.length || der[at] !== tag) return null
  const short = der[at + 1] ?? 0
  const count = short & 0x7f
  if (short < 0x80) return within(der, at + 2, short)
  if (count < 1 || count > 4 || at + 2 + count > der.length) return null
  return within(der, at + 2 + count, der.readUIntBE(at + 2, count))
}

function within(der: Buffer, from: number, length: number): { from: number; to: number } | null {
  return from + length <= der.length ? { from, to: from + length } : null
}
