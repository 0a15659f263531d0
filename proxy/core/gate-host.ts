import type { Clock } from '#lib/domain/clock'
import type { RecordingMode } from '#lib/domain/connection'
import type { Release } from './gate-outlets'
import type { Packer } from './gate-packer'
import type { Spool } from './spool'

/** Whoever waits for the disk, the store or for room. */
export interface Waiter {
  /** The block being filled was appended: what was held for the client may go. */
  releaseClient(): void
  /** Something became safer: lets go of what it allows. True while something is still held back. */
  release(): boolean
  /** There is room again. */
  wake(): void
}

/** What a gate needs of the recorder it belongs to. */
export interface GateHost {
  readonly spool: Spool
  readonly packer: Packer
  readonly clock: Clock
  /** Why commands are refused right now, for people; null when they are not. */
  refusal(recording: RecordingMode): string | null
  /** Whether even a refusal can still be recorded. */
  readonly roomForRefusals: boolean
  /** More is waiting to be shipped than the store takes: readers of targets wait. */
  readonly congested: boolean
  /** Whether what `release` waits for has come. */
  safe(release: Release): boolean
  /** Resolves once block `block` survives power loss (`strict`: is in the store). Rejects when the disk fails before. */
  whenSafe(block: number, recording: RecordingMode): Promise<void>
  /** Calls `releaseClient` after the next append, and `release` whenever something became safer until it returns false. */
  await(waiter: Waiter): void
  /** Calls `waiter.wake` once there is room again. */
  awaitRoom(waiter: Waiter): void
  /** Asks the shipper to hurry: somebody waits for the store. */
  hurry(): void
}
