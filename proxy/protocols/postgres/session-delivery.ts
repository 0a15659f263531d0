import type { Gate } from '#proxy/core/ports'
import { transform } from './transform'

/** Gathers what goes to the client: validated messages that follow one another in a chunk are handed on as one stretch. */
export class Delivery {
  #source: Buffer | null = null
  #from = 0
  #to = 0
  #room: Promise<void> | undefined

  constructor(private readonly gate: Gate) {}

  add(source: Buffer, start: number, end: number): void {
    if (source === this.#source && start === this.#to) {
      this.#to = end
      return
    }
    this.flush()
    this.#source = source
    this.#from = start
    this.#to = end
  }

  /** Where in the out stream the byte at `source[at]` will stand, which is about to be added. */
  offsetOf(source: Buffer, at: number): number {
    if (source !== this.#source || at !== this.#to) this.flush()
    return this.gate.outOffset + (this.#source === null ? 0 : this.#to - this.#from)
  }

  flush(): void {
    const source = this.#source
    if (source === null) return
    this.#source = null
    this.#room = this.gate.deliver(transform(source.subarray(this.#from, this.#to))) ?? this.#room
  }

  /** What to wait for before more is read from the target, if anything. */
  takeRoom(): Promise<void> | undefined {
    const room = this.#room
    this.#room = undefined
    return room
  }
}
