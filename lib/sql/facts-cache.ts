import type { Reading, StatementFacts } from './statement-facts'

/** Characters of text and JSON the cache may hold, and the longest text worth a place in it. */
const CHARACTERS = 8 * 1024 * 1024
const LONGEST = 16 * 1024
/** What an entry costs besides its text, in characters. */
const ENTRY_COST = 600
/** Below this many entries the order of use is not kept: all fit. */
const SMALL = 1_000

interface Entry {
  readonly facts: StatementFacts
  readonly cost: number
}

/** Facts by text and by what gave it its meaning, least recently used first out. */
export class FactsCache {
  readonly #entries = new Map<string, Entry>()
  /** Readings that are alike share a prefix, which keeps keys short. */
  readonly #prefixes = new WeakMap<Reading, string>()
  #held = 0

  find(folded: string, reading: Reading): StatementFacts | undefined {
    const key = this.#prefix(reading) + folded
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (this.#entries.size > SMALL) {
      this.#entries.delete(key)
      this.#entries.set(key, entry)
    }
    return entry.facts
  }

  keep(folded: string, reading: Reading, facts: StatementFacts): void {
    if (folded.length > LONGEST) return
    const key = this.#prefix(reading) + folded
    // The text once more, for its shape.
    const cost = 2 * key.length + facts.json.length + ENTRY_COST
    this.#entries.set(key, { facts, cost })
    this.#held += cost
    for (const [oldest, entry] of this.#entries) {
      if (this.#held <= CHARACTERS) break
      this.#entries.delete(oldest)
      this.#held -= entry.cost
    }
  }

  #prefix(reading: Reading): string {
    let prefix = this.#prefixes.get(reading)
    if (prefix === undefined) {
      prefix = `${reading.strings} ${reading.encoding} ${reading.catalog?.version ?? ''}\n`
      this.#prefixes.set(reading, prefix)
    }
    return prefix
  }
}
