import { hash } from 'node:crypto'
import type { BoundValue } from '#lib/domain/event'

/** A longer value stands in the `in` stream, not in the event. */
const VALUE_BYTES = 16 * 1024
/** So does every value once the event holds this much. */
const EVENT_BYTES = 256 * 1024

/**
 * Bound values as the intent records them. `toStream` puts the bytes of a long one into the session's `in` stream and returns where
 * they stand.
 */
export function boundValues(
  binds: readonly (string | Uint8Array | null)[],
  toStream: (bytes: Uint8Array) => readonly [number, number],
): BoundValue[] {
  let inline = 0
  return binds.map((bind) => {
    if (bind === null) return null
    inline += bind.length
    if (bind.length <= VALUE_BYTES && inline <= EVENT_BYTES) {
      return typeof bind === 'string' ? { text: bind } : { base64: Buffer.from(bind).toString('base64') }
    }
    inline -= bind.length
    const bytes = Buffer.from(bind)
    const format = typeof bind === 'string' ? 'text' : 'binary'
    return { format, in: toStream(bytes), sha256: hash('sha256', bytes, 'hex') }
  })
}
