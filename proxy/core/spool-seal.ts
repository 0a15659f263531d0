import { createCipheriv, createDecipheriv, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * A segment file: header, then blocks. Each block is AES-256-GCM under a key of its own segment, with the block's number as nonce and
 * (segment, number) as associated data: no block can be changed, moved, doubled or taken out of the middle unnoticed.
 *
 *   header: magic 8 · key id 8 · salt 32 · segment number u32 · reserved 4 · first block number u64        (64 bytes)
 *   block:  length u32 of what follows · the same, inverted · ciphertext · tag 16
 */
const MAGIC = 'SPSPOOL1'
const KEY_ID_BYTES = 8
const SALT_BYTES = 32
export const HEADER_BYTES = 64
const NONCE_BYTES = 12
const TAG_BYTES = 16
const LENGTH_BYTES = 8
/** Nothing we write comes near; a greater length is damage. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024

function spoolKeyId(key: Uint8Array): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, KEY_ID_BYTES)
}

export interface SegmentHeader {
  readonly number: number
  readonly firstBlock: number
}

/** A new segment's header. `random` gives 32 bytes that no other segment of this key has. */
export function makeHeader(key: Uint8Array, random: Uint8Array, header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.set(spoolKeyId(key), 8)
  bytes.set(random.subarray(0, SALT_BYTES), 16)
  bytes.writeUInt32BE(header.number, 48)
  bytes.writeBigUInt64BE(BigInt(header.firstBlock), 56)
  return bytes
}

/** null: not a header, or one of another key. That it is unchanged shows when its first block opens. */
export function readHeader(key: Uint8Array, bytes: Uint8Array): SegmentHeader | null {
  if (bytes.length < HEADER_BYTES) return null
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  if (header.toString('latin1', 0, 8) !== MAGIC) return null
  if (!header.subarray(8, 8 + KEY_ID_BYTES).equals(spoolKeyId(key))) return null
  return { number: header.readUInt32BE(48), firstBlock: Number(header.readBigUInt64BE(56)) }
}

/** Seals and opens the blocks of one segment. */
export class SegmentCipher {
  readonly #key: KeyObject
  readonly #nonce = Buffer.alloc(NONCE_BYTES)
  readonly #associated: Buffer

  constructor(key: Uint8Array, header: Uint8Array) {
    const derived = hkdfSync('sha256', key, header.subarray(0, HEADER_BYTES), 'sallyport spool segment', 32)
    this.#key = createSecretKey(Buffer.from(derived))
    this.#associated = Buffer.alloc(HEADER_BYTES + 8)
    this.#associated.set(header.subarray(0, HEADER_BYTES))
  }

  #number(block: number): void {
    const high = Math.floor(block / 0x1_0000_0000)
    const low = block >>> 0
    this.#nonce.writeUInt32BE(high, 4)
    this.#nonce.writeUInt32BE(low, 8)
    this.#associated.writeUInt32BE(high, HEADER_BYTES)
    this.#associated.writeUInt32BE(low, HEADER_BYTES + 4)
  }

  /** The block as it stands in the file. A number is used once. */
  seal(block: number, plain: Uint8Array): Buffer {
    this.#number(block)
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonce)
    cipher.setAAD(this.#associated)
    const sealed = cipher.update(plain)
    cipher.final()
    const out = Buffer.allocUnsafe(LENGTH_BYTES + sealed.length + TAG_BYTES)
    out.writeUInt32BE(sealed.length + TAG_BYTES, 0)
    out.writeUInt32BE(~(sealed.length + TAG_BYTES) >>> 0, 4)
    sealed.copy(out, LENGTH_BYTES)
    cipher.getAuthTag().copy(out, LENGTH_BYTES + sealed.length)
    return out
  }

  /** The frames of a block (`sealed` is what follows the length); null when it does not open. */
  open(block: number, sealed: Uint8Array): Buffer | null {
    if (sealed.length < TAG_BYTES) return null
    this.#number(block)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(this.#associated)
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
    try {
      decipher.final()
      return plain
    } catch {
      return null
    }
  }
}

/** What stands at `offset`: a whole block, the beginning of one, or nothing a block can begin with. */
export function blockAt(bytes: Uint8Array, offset: number): { sealed: Uint8Array; end: number } | 'incomplete' | 'bad' {
  if (bytes.length - offset < LENGTH_BYTES) return 'incomplete'
  const prefix = new DataView(bytes.buffer, bytes.byteOffset + offset, LENGTH_BYTES)
  const length = prefix.getUint32(0)
  if (prefix.getUint32(4) !== ~length >>> 0 || length < TAG_BYTES || length > MAX_BLOCK_BYTES) return 'bad'
  const from = offset + LENGTH_BYTES
  if (bytes.length < from + length) return 'incomplete'
  return { sealed: bytes.subarray(from, from + length), end: from + length }
}

/** How many bytes the block at `offset` takes in all; 0 when it does not start there or its length is not there yet. */
export function blockLength(bytes: Uint8Array, offset: number): number {
  if (bytes.length - offset < LENGTH_BYTES) return 0
  return new DataView(bytes.buffer, bytes.byteOffset + offset, LENGTH_BYTES).getUint32(0) + LENGTH_BYTES
}
