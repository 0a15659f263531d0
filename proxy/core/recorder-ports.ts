import type { SessionId, WorkerId } from '#lib/domain/ids'
import type { SpoolEnd } from './spool'

/** Brings the spool into the store. Implemented by a thread of its own in `proxy/adapters`, by a fake in tests. */
export interface Shipper {
  /** Starts reporting. Called once. */
  start(reports: ShipperReports): void
  /** There is something to ship up to `end`. The next call comes after `shipped` with that total. */
  ship(end: SpoolEnd): void
  /**
   * Ships what a dead worker left on this disk, if anything, then gives each of its sessions the end it lacks. Safe to repeat.
   * Resolves to how many sessions were ended, once the store has it; rejects with `internal` when it cannot be done.
   */
  recover(worker: WorkerId): Promise<number>
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
