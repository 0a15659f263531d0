import type { SecretBinding } from '../domain/connection'
import { SallyportError } from '../domain/errors'
import { bindingBytes, ENCAPSULATED_BYTES, ownBuffer, SEALING_INFO, sealingSuite, TAG_BYTES } from './secret-binding'

/** Both halves of the proxies' key, 32 bytes each. Only a proxy may hold the private one. */
export interface SealingKeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** A new X25519 key pair to seal secrets to. */
export async function createSealingKeyPair(): Promise<SealingKeyPair> {
  const { kem } = sealingSuite()
  const pair = await kem.generateKeyPair()
  return {
    publicKey: new Uint8Array(await kem.serializePublicKey(pair.publicKey)),
    privateKey: new Uint8Array(await kem.serializePrivateKey(pair.privateKey)),
  }
}

/**
 * Opens what `seal` made. The caller wipes the result after use.
 * Throws `secret_unreadable` when the key, the ciphertext or any part of the binding is not the one it was sealed with.
 */
export async function unseal(privateKey: Uint8Array, binding: SecretBinding, sealed: Uint8Array): Promise<Uint8Array> {
  try {
    if (sealed.byteLength < ENCAPSULATED_BYTES + TAG_BYTES) throw new RangeError('sealed secret is too short')
    const suite = sealingSuite()
    const recipientKey = await suite.kem.deserializePrivateKey(ownBuffer(privateKey))
    const opened = await suite.open(
      {
        recipientKey,
        enc: ownBuffer(sealed.subarray(0, ENCAPSULATED_BYTES)),
        info: ownBuffer(SEALING_INFO),
      },
      ownBuffer(sealed.subarray(ENCAPSULATED_BYTES)),
      ownBuffer(bindingBytes(binding)),
    )
    return new Uint8Array(opened)
  } catch (cause) {
    throw new SallyportError('secret_unreadable', `The stored ${binding.field} cannot be opened. Enter it again.`, {
      cause,
    })
  }
}
