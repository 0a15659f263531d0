import { Entry, type EntryParts } from './catalog-entry'
import type { FetchCatalog, SharedCatalog } from './shared-catalog'
import { Turns } from './turns'

/** Snapshots that no session uses are kept up to this number. */
const MOST_UNUSED = 64
/** Characters of all snapshots of a worker: about 150 MiB. */
const MOST_HELD = 24 * 1024 * 1024
/** Snapshots that are read from one server at once. */
const AT_ONCE = 2

export interface CatalogsParts extends EntryParts {
  /** Says to the other workers that what names mean may have changed. */
  tell(place: string): void
}

/** Where sessions share a snapshot. */
export interface CatalogAddress {
  /** A connection version and a database. */
  readonly key: string
  /** That database, whichever connection leads there. */
  readonly place: string
  /** The server that has it. */
  readonly server: string
}

/** One snapshot for each database of each version of a connection, shared by the sessions of this worker. */
export class Catalogs {
  readonly #parts: CatalogsParts
  readonly #entries = new Map<string, Entry>()

  constructor(parts: CatalogsParts) {
    this.#parts = parts
  }

  /** `fetch` reads the snapshot for whoever opens this. */
  open(address: CatalogAddress, fetch: FetchCatalog): SharedCatalog {
    const { key, place } = address
    const entry = this.#entries.get(key) ?? this.#entry(address)
    this.#entries.set(key, entry)
    entry.users++
    return {
      get catalog() {
        return entry.trusted(fetch)
      },
      get isNew() {
        return entry.isNew
      },
      begun: () => entry.begun(),
      settled: () => entry.settled(),
      changed: (what) => {
        if (what === 'rows') entry.changed('rows')
        else {
          this.namesChanged(place)
          this.#parts.tell(place)
        }
      },
      better: (than) => entry.better(than, fetch),
      close: () => {
        entry.users--
        this.#prune()
      },
    }
  }

  /** Whoever did it: what names mean there may have changed. */
  namesChanged(place: string): void {
    for (const entry of this.#entries.values()) if (entry.place === place) entry.changed('names')
  }

  #entry({ place, server }: CatalogAddress): Entry {
    const others = [...this.#entries.values()].find((entry) => entry.server === server)
    const room = { turns: others?.room.turns ?? new Turns(AT_ONCE), fits: (size: number) => this.#fits(size) }
    return new Entry(this.#parts, room, place, server)
  }

  /** Makes room for a snapshot of so many characters by dropping those that nobody uses. */
  #fits(size: number): boolean {
    let held = size
    for (const entry of this.#entries.values()) held += entry.size
    for (const [key, entry] of this.#entries) {
      if (held <= MOST_HELD) break
      if (entry.users > 0) continue
      this.#entries.delete(key)
      held -= entry.size
    }
    return held <= MOST_HELD
  }

  #prune(): void {
    const unused = [...this.#entries].filter(([, { users }]) => users === 0)
    for (const [key] of unused.slice(0, -MOST_UNUSED)) this.#entries.delete(key)
  }
}
