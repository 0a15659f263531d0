import type { SessionId } from '#lib/domain/ids'
import type { SpoolEnd } from './spool'

/** Brings the spool into the store. Implemented by a thread of its own in `proxy/adapters`, by a fake in tests. */
export interface Shipper {
  /** Starts reporting. Called once. */
  start(reports: ShipperReports): void
  /** There is something to ship up to `end`. One call at a time: the next after `shipped` (or `storeDown`). */
  ship(end: SpoolEnd): void
  /** Ends the record of a session whose worker is gone. True when it had not ended yet. Rejects with `unavailable`. */
  recover(session: SessionId): Promise<boolean>
  /** Stops the thread. What was not shipped stays in the spool. */
  stop(): Promise<void>
}

export interface ShipperReports {
  /** All up to here is committed in the store. */
  shipped(end: Pick<SpoolEnd, 'block' | 'total'>): void
  store(up: boolean): void
  /** The store has another idea of this session than we: it must not go on. */
  conflict(session: SessionId): void
}
