import type { Catalog } from '#lib/sql/catalog'

/** A snapshot of the target's catalog that the sessions of a worker share, as one of them sees it. */
export interface SharedCatalog {
  /** null while none can be trusted. */
  readonly catalog: Catalog | null
  /** It was read a moment ago: what it has not is not there. */
  readonly isNew: boolean
  /** Something is under way that may change what names mean, at any moment. One `settled` follows. */
  begun(): void
  settled(): void
  /** What names mean may have changed, or rows did. */
  changed(what: 'names' | 'rows'): void
  /** What is worth waiting for: a snapshot where there is none, or a newer one; null when nothing better can be had. */
  better(than: 'none' | 'this'): BetterCatalog | null
  /** The session is over. */
  close(): void
}

export interface BetterCatalog {
  /** It is on its way, or can be at once; otherwise the target is left alone a little longer. */
  readonly soon: boolean
  /** Resolves when it is time to look again. Never rejects. */
  come(): Promise<void>
}

/** Reads a snapshot; `before` where it is unchanged, null when whoever asked is gone. Rejects when the target gives none. */
export type FetchCatalog = (before: Catalog | null) => Promise<Catalog | null>
