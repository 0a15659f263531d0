import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import type { SecretBinding } from '../domain/connection'

/** HPKE base mode (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
export function sealingSuite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
}

/** `info` of RFC 9180: says what the key is used for, so that nothing sealed for another purpose opens here. */
export const SEALING_INFO = Buffer.from('sallyport/secret/v1', 'utf8')
/** Bytes of the encapsulated X25519 key that a sealed secret starts with; the ciphertext and its tag follow. */
export const ENCAPSULATED_BYTES = 32
export const TAG_BYTES = 16

/**
 * The associated data a secret is sealed with: connection id, field, protocol, host and port, each with its length (4 bytes, big
 * endian) before it, so that no two bindings give the same bytes.
 */
export function bindingBytes(binding: SecretBinding): Uint8Array {
  const parts = [binding.connectionId, binding.field, binding.protocol, binding.host, String(binding.port)]
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

/** WebCrypto wants an ArrayBuffer of its own: a copy, never a window on a shared pool. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(copy).set(bytes)
  return copy
}
