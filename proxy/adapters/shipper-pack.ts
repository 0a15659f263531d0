import { brotliCompressSync, constants } from 'node:zlib'
import { CODECS } from '#lib/domain/recording'

const PACK_ABOVE_BYTES = 512

/** Compressed where that is worth it. */
export function pack(raw: Buffer): { readonly codec: number; readonly data: Uint8Array } {
  if (raw.length > PACK_ABOVE_BYTES) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length }
    const data = brotliCompressSync(raw, { params })
    if (data.length < raw.length) return { codec: CODECS.brotli, data }
  }
  return { codec: CODECS.none, data: raw }
}
