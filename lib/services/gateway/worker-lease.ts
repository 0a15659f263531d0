import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { workers } from '../../db/schema/sessions'
import type { WorkerId } from '../../domain/ids'

/** How long a worker counts as alive after its last sign of life, by the store's clock. */
const LEASE = sql`interval '10 seconds'`

export interface WorkerRow {
  readonly id: WorkerId
  readonly host: string
  readonly pid: number
  /** Which boot of the host, and when the process started; '' where the system does not say. */
  readonly boot: string
  readonly processStarted: string
}

/** Makes a new worker known, alive from now on for as long as it renews. */
export async function registerWorker(db: Database, worker: WorkerRow): Promise<void> {
  await db.insert(workers).values({ ...worker, leaseUntil: sql`now() + ${LEASE}` })
}

/** A sign of life. False when this worker has been declared dead: others have ended its sessions, it must not go on. */
export async function renewLease(db: Database, id: WorkerId): Promise<boolean> {
  const renewed = await db
    .update(workers)
    .set({ leaseUntil: sql`now() + ${LEASE}` })
    .where(and(eq(workers.id, id), isNull(workers.stoppedAt)))
    .returning({ id: workers.id })
  return renewed.length > 0
}

/** Marks a worker as stopped: by itself when it has drained, by another when it is dead. */
export async function stopWorker(db: Database, id: WorkerId): Promise<void> {
  await db
    .update(workers)
    .set({ stoppedAt: sql`now()` })
    .where(and(eq(workers.id, id), isNull(workers.stoppedAt)))
}

export interface LapsedWorker extends WorkerRow {
  /** Milliseconds since its lease ran out. */
  readonly lapsedMs: number
}

/** Workers that neither stopped nor gave a sign of life in time. */
export async function listLapsedWorkers(db: Database): Promise<readonly LapsedWorker[]> {
  return db
    .select({
      id: workers.id,
      host: workers.host,
      pid: workers.pid,
      boot: workers.boot,
      processStarted: workers.processStarted,
      lapsedMs: sql<number>`1000 * extract(epoch from now() - ${workers.leaseUntil})::float8`,
    })
    .from(workers)
    .where(and(isNull(workers.stoppedAt), sql`${workers.leaseUntil} < now()`))
}
