import type { Clock } from '#lib/domain/clock'
import type { Catalog } from '#lib/sql/catalog'
import type { Log } from '#proxy/core/log'
import type { StartTimer } from '#proxy/core/timer'
import type { BetterCatalog, FetchCatalog } from './shared-catalog'
import type { Turns } from './turns'

/** How old a snapshot may be, in milliseconds. */
const TRUSTED_MS = 60_000
/** While something is under way that may change what names mean. */
const TRUSTED_MEANWHILE_MS = 1_000
/** After this it is read again on the side, so that nobody has to wait; after rows changed, sooner. */
const AGING_MS = 45_000
const AGING_AFTER_ROWS_MS = 10_000
/** No target is asked more often, */
const PAUSE_MS = 1_000
/** nor for more than a fifth of the time: after a reading it is left alone for so many times as long, */
const PAUSE_READINGS = 4
/** but not for longer than this. */
const LONGEST_PAUSE_MS = 10_000
/** A target that gives none is left alone for so long. */
const FAILED_PAUSE_MS = 5_000

export interface EntryParts {
  readonly clock: Clock
  readonly startTimer: StartTimer
  readonly log: Log
}

export interface EntryRoom {
  readonly turns: Turns
  /** Whether so many characters more may be held. */
  fits(more: number): boolean
}

interface Snapshot {
  readonly catalog: Catalog
  /** When its reading began, monotonic, and how many changes of names had been told by then. */
  readonly atMs: number
  readonly changes: number
}

/** The snapshot of one database, and when it counts. */
export class Entry {
  users = 0
  readonly #parts: EntryParts
  #snapshot: Snapshot | null = null
  #changes = 0
  #underWay = 0
  /** Rows changed since the snapshot. */
  #rows = false
  #reading: Promise<void> | null = null
  /** Changes that the reading under way may not see. */
  #readingSince = 0
  #startedMs = Number.NEGATIVE_INFINITY
  /** How long the last reading took. */
  #tookMs = 0
  #failedMs = Number.NEGATIVE_INFINITY

  constructor(
    parts: EntryParts,
    readonly room: EntryRoom,
    readonly place: string,
    readonly server: string,
  ) {
    this.#parts = parts
  }

  /** Characters that its snapshot was read from. */
  get size(): number {
    return this.#snapshot?.catalog.size ?? 0
  }

  trusted(fetch: FetchCatalog): Catalog | null {
    const snapshot = this.#snapshot
    if (snapshot === null || snapshot.changes !== this.#changes) return null
    const ageMs = this.#nowMs() - snapshot.atMs
    if (ageMs > (this.#underWay > 0 ? TRUSTED_MEANWHILE_MS : TRUSTED_MS)) return null
    if (ageMs > (this.#rows ? AGING_AFTER_ROWS_MS : AGING_MS) && this.#due() === 0) void this.#read(fetch)
    return snapshot.catalog
  }

  get isNew(): boolean {
    const snapshot = this.#snapshot
    return snapshot !== null && snapshot.changes === this.#changes && this.#nowMs() - snapshot.atMs < PAUSE_MS
  }

  begun(): void {
    this.#underWay++
  }

  settled(): void {
    this.#underWay--
  }

  changed(what: 'names' | 'rows'): void {
    if (what === 'names') this.#changes++
    else this.#rows = true
  }

  better(than: 'none' | 'this', fetch: FetchCatalog): BetterCatalog | null {
    const trusted = this.trusted(fetch) !== null
    if (trusted && (than === 'none' || this.isNew)) return null
    if (this.#reading !== null) {
      const reading = this.#reading
      return { soon: this.#readingSince === this.#changes, come: () => reading }
    }
    if (this.#nowMs() - this.#failedMs < FAILED_PAUSE_MS) return null
    const due = this.#due()
    if (due === 0) return { soon: true, come: () => this.#read(fetch) }
    return { soon: false, come: () => this.#pause(due) }
  }

  /** Milliseconds until the target may be asked again. */
  #due(): number {
    if (this.#reading !== null) return PAUSE_MS
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, (1 + PAUSE_READINGS) * this.#tookMs))
    return Math.max(0, this.#startedMs + pauseMs - this.#nowMs())
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#parts.startTimer(Math.ceil(ms), resolve))
  }

  #read(fetch: FetchCatalog): Promise<void> {
    this.#reading ??= this.room.turns
      .take(() => this.#fetch(fetch))
      .finally(() => {
        this.#reading = null
      })
    return this.#reading
  }

  async #fetch(fetch: FetchCatalog): Promise<void> {
    const atMs = this.#nowMs()
    const changes = this.#changes
    this.#startedMs = atMs
    this.#readingSince = changes
    this.#rows = false
    try {
      const catalog = await fetch(this.#snapshot?.catalog ?? null)
      if (catalog === null) return
      if (!this.room.fits(catalog.size - this.size)) throw new Error('there is no room for it')
      this.#snapshot = { catalog, atMs, changes }
    } catch (error) {
      this.#failedMs = this.#nowMs()
      this.#parts.log.warn({ error: String(error) }, "a target's catalog cannot be read: facts are less certain")
    } finally {
      this.#tookMs = this.#nowMs() - atMs
    }
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs()
  }
}
