import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { CODECS } from '#lib/domain/recording'

const compress = promisify(brotliCompress)
/** One thread of the pool is left for syncs of the disk. */
const AT_ONCE = 3
const FIRST_ROOM_BYTES = 1024

export interface Packed {
  readonly codec: number
  readonly bytes: Uint8Array
  /** Of `bytes`. */
  readonly sha256: Uint8Array
}

/** Compresses pieces of large results in the thread pool, a few at a time for the whole worker. */
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
  // Room for nearly every answer at once: each further piece of it would be a trip to the pool and back.
  const packed = await compress(raw, { params, chunkSize: Math.max(FIRST_ROOM_BYTES, raw.length >> 2) })
  const smaller = packed.length < raw.length
  const bytes = smaller ? packed : raw
  return { codec: smaller ? CODECS.brotli : CODECS.none, bytes, sha256: hash('sha256', bytes, 'buffer') }
}
