import { webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { CODECS } from '#lib/domain/recording'

const compress = promisify(brotliCompress)
/** One thread of the pool is left for syncs of the disk. */
const AT_ONCE = 3

export interface Packed {
  readonly codec: number
  readonly bytes: Uint8Array
  readonly sha256: Uint8Array
}

/** Compresses and hashes pieces of large results in the thread pool, a few at a time for the whole worker. */
export class Packer {
  #running = 0
  readonly #waiting: (() => void)[] = []

  /** Calls `start` when there is room; the piece it returns is what gets packed. Resolves in no particular order. */
  async pack(start: () => Uint8Array): Promise<Packed> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
    try {
      return await packOne(start())
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}

async function packOne(raw: Uint8Array): Promise<Packed> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 0,
    [constants.BROTLI_PARAM_LGWIN]: 18,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  }
  const [digest, packed] = await Promise.all([webcrypto.subtle.digest('SHA-256', raw), compress(raw, { params })])
  const sha256 = new Uint8Array(digest)
  return packed.length < raw.length
    ? { codec: CODECS.brotli, bytes: packed, sha256 }
    : { codec: CODECS.none, bytes: raw, sha256 }
}
