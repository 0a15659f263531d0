import type { Gate } from '#proxy/core/ports'
import { transform } from './transform'

/** Gathers what goes to the client: validated messages that follow one another in memory are handed on as one stretch. */
export class Delivery {
  #source: Buffer | null = null
  /** Of the stretch, in the memory under `source`. */
  #from = 0
  /** Of the stretch, in `source`. */
  #to = 0
  #room: Promise<void> | undefined

  constructor(private readonly gate: Gate) {}

  /** Bytes gathered and not handed on. */
  get gathered(): number {
    return this.#source === null ? 0 : this.#source.byteOffset + this.#to - this.#from
  }

  add(source: Buffer, start: number, end: number): void {
    if (!this.#joins(source, start)) {
      this.flush()
      this.#from = source.byteOffset + start
    }
    this.#source = source
    this.#to = end
  }

  /** Where in the out stream the byte at `source[at]` will stand, which is about to be added. */
  offsetOf(source: Buffer, at: number): number {
    if (!this.#joins(source, at)) this.flush()
    return this.gate.outOffset + this.gathered
  }

  flush(): void {
    const source = this.#source
    if (source === null) return
    const stretch = Buffer.from(source.buffer, this.#from, this.gathered)
    this.#source = null
    this.#room = this.gate.deliver(transform(stretch)) ?? this.#room
  }

  /** What to wait for before more is read from the target, if anything. */
  takeRoom(): Promise<void> | undefined {
    const room = this.#room
    this.#room = undefined
    return room
  }

  #joins(source: Buffer, start: number): boolean {
    const last = this.#source
    if (last === source) return start === this.#to
    return last !== null && last.buffer === source.buffer && source.byteOffset + start === last.byteOffset + this.#to
  }
}
