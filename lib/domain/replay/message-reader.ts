import { hexText, utf8Text } from './postgres-values'

/** Reads a message's body from its start; reading past its end throws RangeError. */
export class MessageReader {
  #at = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  uint8(): number {
    return this.#view.getUint8(this.#move(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#move(2))
  }

  int32(): number {
    return this.#view.getInt32(this.#move(4))
  }

  uint32(): number {
    return this.#view.getUint32(this.#move(4))
  }

  bytes(length: number): Uint8Array {
    const from = this.#move(length)
    return this.#bytes.subarray(from, from + length)
  }

  /** Text up to a NUL byte; bytes that are not UTF-8 come out as `\x…`. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new RangeError('text without an end')
    const raw = this.bytes(end - this.#at)
    this.#move(1)
    return utf8Text(raw) ?? `\\x${hexText(raw)}`
  }

  #move(length: number): number {
    const from = this.#at
    if (length < 0 || from + length > this.#bytes.length) throw new RangeError('past the end of the message')
    this.#at = from + length
    return from
  }
}
