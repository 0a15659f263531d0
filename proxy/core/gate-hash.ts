import { createHash, type Hash, hash } from 'node:crypto'

/** SHA-256, in hex, of nothing. */
export const NO_BYTES = hash('sha256', '', 'hex')
/** Up to here the parts are kept and hashed in one go, which costs a third of a running hash. */
const KEPT_BYTES = 32 * 1024

/** SHA-256 over the parts of a stream that passed since the last `take`. Parts must not change until then. */
export class RangeHash {
  #parts: Uint8Array[] = []
  #bytes = 0
  #running: Hash | null = null

  add(bytes: Uint8Array): void {
    if (this.#running !== null) {
      this.#running.update(bytes)
      return
    }
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes > KEPT_BYTES) {
      this.#running = createHash('sha256')
      for (const part of this.#parts) this.#running.update(part)
      this.#parts = []
      this.#bytes = 0
    }
  }

  /** The hash in hex; starts anew. */
  take(): string {
    if (this.#running !== null) {
      const digest = this.#running.digest('hex')
      this.#running = null
      return digest
    }
    const [first, ...rest] = this.#parts
    if (first === undefined) return NO_BYTES
    const digest = hash('sha256', rest.length === 0 ? first : Buffer.concat(this.#parts), 'hex')
    this.#parts = []
    this.#bytes = 0
    return digest
  }

  /** Forgets what passed: it belongs to no operation. */
  reset(): void {
    this.#parts = []
    this.#bytes = 0
    this.#running = null
  }
}
