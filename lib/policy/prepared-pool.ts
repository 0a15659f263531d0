import { PreparedStatements } from './cedar'

/** Statements that one set keeps prepared, each in every slice that has it: 4 KiB of Cedar's memory for each. */
const MOST_STATEMENTS = 20_000

/** What Cedar keeps ready for the slices of one set. Those that were asked longest ago give way, and are prepared anew when asked. */
export class PreparedPool {
  readonly #ready = new Map<object, { readonly prepared: PreparedStatements; readonly size: number }>()
  readonly #most: number
  #size = 0
  #released = false

  constructor(most = MOST_STATEMENTS) {
    this.#most = most
  }

  /** `statements`: id → text. null once the pool is released. Throws when Cedar refuses them. */
  of(slice: object, statements: Readonly<Record<string, string>>): PreparedStatements | null {
    if (this.#released) return null
    const ready = this.#ready.get(slice)
    if (ready !== undefined) {
      this.#ready.delete(slice)
      this.#ready.set(slice, ready)
      return ready.prepared
    }
    const size = Object.keys(statements).length
    for (const [other] of this.#ready) {
      if (this.#size + size <= this.#most) break
      this.#drop(other)
    }
    const prepared = new PreparedStatements(statements)
    this.#ready.set(slice, { prepared, size })
    this.#size += size
    return prepared
  }

  /** Gives back what Cedar keeps. */
  release(): void {
    this.#released = true
    for (const slice of [...this.#ready.keys()]) this.#drop(slice)
  }

  #drop(slice: object): void {
    const ready = this.#ready.get(slice)
    if (ready === undefined) return
    this.#ready.delete(slice)
    this.#size -= ready.size
    ready.prepared.release()
  }
}
