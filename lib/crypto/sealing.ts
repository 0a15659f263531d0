import type { SecretBinding } from '../domain/connection'
import { bindingBytes, ownBuffer, SEALING_INFO, sealingSuite } from './secret-binding'

/**
 * Seals one field of a connection's secret to the proxies' public key (32 bytes, X25519). The result opens only with their private
 * key and only for exactly this binding. Output: encapsulated key (32 bytes) ‖ ciphertext ‖ tag (16 bytes).
 */
export async function seal(publicKey: Uint8Array, binding: SecretBinding, plaintext: Uint8Array): Promise<Uint8Array> {
  const suite = sealingSuite()
  const recipientPublicKey = await suite.kem.deserializePublicKey(ownBuffer(publicKey))
  const { ct, enc } = await suite.seal(
    { recipientPublicKey, info: ownBuffer(SEALING_INFO) },
    ownBuffer(plaintext),
    ownBuffer(bindingBytes(binding)),
  )
  return Buffer.concat([Buffer.from(enc), Buffer.from(ct)])
}
