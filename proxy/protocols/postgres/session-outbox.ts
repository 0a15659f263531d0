import type { Gate, Permit } from '#proxy/core/ports'

/** Gathers what one turn sends to the target: stretches of received chunks, and the few messages of our own. */
export class Outbox {
  #permits: Permit[] = []
  #parts: Buffer[] = []
  #source: Buffer | null = null
  #from = 0
  #to = 0

  constructor(private readonly gate: Gate) {}

  /** Adds `source[start, end)`; stretches that follow one another stay one. */
  add(source: Buffer, start: number, end: number): void {
    if (source === this.#source && start === this.#to) {
      this.#to = end
      return
    }
    this.#seal()
    this.#source = source
    this.#from = start
    this.#to = end
  }

  permit(permit: Permit): void {
    this.#permits.push(permit)
  }

  /** Hands everything to the gate. Returns what to wait for before more is read. */
  flush(): Promise<void> | undefined {
    this.#seal()
    const [first, ...more] = this.#parts
    if (first === undefined) return undefined
    const permits = this.#permits.length > 0 ? this.#permits : [this.gate.opening]
    const bytes = more.length === 0 ? first : Buffer.concat(this.#parts)
    this.#permits = []
    this.#parts = []
    return this.gate.dispatch(permits, bytes)
  }

  #seal(): void {
    if (this.#source !== null) this.#parts.push(this.#source.subarray(this.#from, this.#to))
    this.#source = null
  }
}
