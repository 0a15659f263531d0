import { stringEnd } from './frontend'
import { violation } from './violation'

const malformed = () => violation('the target sent a malformed row')

/** Checks a RowDescription in `buffer[start, end)` and returns its number of columns. */
export function readRowDescription(buffer: Buffer, start: number, end: number): number {
  if (end - start < 7) throw violation('the target sent a malformed row description')
  const columns = buffer.readUInt16BE(start + 5)
  let at = start + 7
  for (let column = 0; column < columns; column++) {
    // Table, column number, type, type length, type modifier, format.
    at = stringEnd(buffer, at, end) + 19
    if (at > end || buffer.readUInt16BE(at - 2) > 1) throw violation('the target sent a malformed row description')
  }
  if (at !== end) throw violation('the target sent a malformed row description')
  return columns
}

/** Checks a DataRow in `buffer[start, end)`: every value's length, and that they fill the message. Returns its columns. */
export function readDataRow(buffer: Buffer, start: number, end: number): number {
  if (end - start < 7) throw malformed()
  const columns = buffer.readUInt16BE(start + 5)
  let at = start + 7
  for (let column = 0; column < columns; column++) {
    if (at + 4 > end) throw malformed()
    const size = buffer.readInt32BE(at)
    at += 4
    if (size > 0) at += size
    else if (size < -1) throw malformed()
  }
  if (at !== end) throw malformed()
  return columns
}

/** Checks a DataRow that arrives in pieces, without keeping any of it. */
export class RowScanner {
  columns = -1
  #left = 0
  #columnsLeft = 0
  #skip = 0
  #digits = 0
  #value = 0

  /** `body`: bytes after the header. */
  begin(body: number): void {
    this.columns = -1
    this.#left = body
    this.#skip = 0
    this.#expect(2)
  }

  /** Feeds body bytes [from, to). Throws at the first impossible length. */
  feed(buffer: Buffer, from: number, to: number): void {
    let at = from
    this.#left -= to - from
    while (at < to) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, to - at)
        this.#skip -= step
        at += step
        continue
      }
      if (this.#digits === 0) throw malformed()
      this.#value = this.#value * 256 + buffer.readUInt8(at++)
      this.#digits--
      if (this.#digits === 0) this.#counted(to - at)
    }
    if (this.#left === 0 && (this.#skip > 0 || this.#digits > 0)) throw malformed()
  }

  #expect(digits: number): void {
    this.#digits = digits
    this.#value = 0
  }

  #counted(inHand: number): void {
    if (this.columns < 0) {
      this.columns = this.#value
      this.#columnsLeft = this.#value
    } else {
      const size = this.#value | 0
      if (size < -1 || size > this.#left + inHand) throw malformed()
      this.#skip = Math.max(0, size)
      this.#columnsLeft--
    }
    if (this.#columnsLeft > 0) this.#expect(4)
  }
}
