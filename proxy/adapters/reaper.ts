import type { Store } from '#lib/db/client'
import type { WorkerId } from '#lib/domain/ids'
import type { Limits } from '#lib/domain/limits'
import { failTestsOf } from '#lib/services/gateway/connection-tests'
import { type LapsedWorker, listLapsedWorkers, stopWorker } from '#lib/services/gateway/worker-lease'
import type { Log } from '../core/log'
import type { ProcessIdentity } from './process-identity'

/** Advisory lock held while reaping; the same in every worker of an installation. */
const REAPER_LOCK = 726_351_003
/** A worker that cannot reach the store may serve on for as long as its spool takes records; this much later it is surely dead. */
const GRACE_MS = 30_000

export interface ReaperParts {
  readonly store: Store
  readonly host: string
  readonly log: Log
  readonly limits: Pick<Limits, 'spoolMs'>
  readonly self: WorkerId
  /** For how long the store has been answering this worker without a break, in milliseconds. */
  contactMs(): number
  /** True when this very process lives on this host. */
  processLives(worker: ProcessIdentity): boolean
  /** Ships what a dead worker left in its spool and gives each of its sessions the end record it lacks. Safe to repeat. */
  recover(worker: WorkerId): Promise<unknown>
  /** Closes what its clients waited for people for. */
  closeReviews(worker: WorkerId): Promise<unknown>
}

/**
 * Ends the sessions of workers that died without doing so. Any worker may; one at a time does. A worker whose lease ran out is dead
 * when its process on this host is gone, or when it kept silent for longer than it could have served without the store, while this
 * worker had the store's ear all that time.
 */
export async function reapDeadWorkers(parts: ReaperParts): Promise<readonly WorkerId[]> {
  const lapsed = await listLapsedWorkers(parts.store.db)
  const dead = lapsed.filter((worker) => isDead(worker, parts))
  if (dead.length === 0) return []
  const connection = await parts.store.sql.reserve()
  try {
    const [lock] = await connection<{ held: boolean }[]>`select pg_try_advisory_lock(${REAPER_LOCK}) as held`
    if (!lock?.held) return []
    try {
      return await reap(dead, parts)
    } finally {
      await connection`select pg_advisory_unlock(${REAPER_LOCK})`
    }
  } finally {
    connection.release()
  }
}

async function reap(dead: readonly LapsedWorker[], parts: ReaperParts): Promise<WorkerId[]> {
  const reaped: WorkerId[] = []
  for (const { id } of dead) {
    try {
      await parts.recover(id)
      await failTestsOf(parts.store.db, id)
      await parts.closeReviews(id)
      await stopWorker(parts.store.db, id)
      reaped.push(id)
      parts.log.info({ dead: id }, 'ended the sessions of a dead worker')
    } catch (error) {
      parts.log.error({ error, dead: id }, 'the sessions of a dead worker could not be ended; will try again')
    }
  }
  return reaped
}

function isDead(worker: LapsedWorker, parts: ReaperParts): boolean {
  if (worker.id === parts.self) return false
  if (worker.host === parts.host && !parts.processLives(worker)) return true
  const surelyMs = parts.limits.spoolMs + GRACE_MS
  return worker.lapsedMs > surelyMs && parts.contactMs() > surelyMs
}
