import { asInstalled, type Catalog } from '#lib/sql/catalog'

/** A snapshot of the target's catalog that the sessions of a worker share, as one of them sees it. */
export interface SharedCatalog {
  /** null while none can be trusted. */
  readonly catalog: Catalog | null
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

/** Fetches a snapshot; null when whoever asked is gone. Rejects when the target gives none. */
export type FetchCatalog = () => Promise<Catalog | null>

/**
 * Names mean what they mean on a server as it is installed: relations are tables, and nobody defined functions or operators under the
 * server's names. SECURITY.md says what that leaves open, until snapshots of targets are read.
 */
export const AS_INSTALLED: SharedCatalog = {
  catalog: asInstalled('as-installed'),
  begun: () => undefined,
  settled: () => undefined,
  changed: () => undefined,
  better: () => null,
  close: () => undefined,
}

/** No snapshot, and none to be had: what depends on one is not clear. */
export const NO_CATALOG: SharedCatalog = { ...AS_INSTALLED, catalog: null }
