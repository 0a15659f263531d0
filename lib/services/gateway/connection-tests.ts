import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { connectionTests } from '../../db/schema/connections'
import type { TestStep } from '../../domain/connection'
import type { ConnectionId, TestId, WorkerId } from '../../domain/ids'
import { notifyLive } from '../signals/notify'

export interface ClaimedTest {
  readonly id: TestId
  readonly connectionId: ConnectionId
}

/** Takes the oldest test that waits for a worker; null when none does. Two workers never get the same one. */
export async function claimTest(db: Database, workerId: WorkerId): Promise<ClaimedTest | null> {
  const oldest = db
    .select({ id: connectionTests.id })
    .from(connectionTests)
    .where(eq(connectionTests.state, 'queued'))
    .orderBy(connectionTests.requestedAt)
    .limit(1)
    .for('update', { skipLocked: true })
  const [claimed] = await db
    .update(connectionTests)
    .set({ state: 'running', workerId })
    .where(inArray(connectionTests.id, oldest))
    .returning({ id: connectionTests.id, connectionId: connectionTests.connectionId })
  return claimed ?? null
}

/** Writes how far a test of this worker has come and wakes the page that watches it. */
export async function writeTest(
  db: Database,
  workerId: WorkerId,
  test: { readonly id: TestId; readonly state: 'running' | 'passed' | 'failed'; readonly steps: readonly TestStep[] },
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(connectionTests)
      .set({
        state: test.state,
        steps: [...test.steps],
        ...(test.state === 'running' ? {} : { finishedAt: sql`now()` }),
      })
      .where(and(eq(connectionTests.id, test.id), eq(connectionTests.workerId, workerId)))
    await notifyLive(tx, `test:${test.id}`)
  })
}

/** Fails the tests that a dead worker had under way. */
export async function failTestsOf(db: Database, workerId: WorkerId): Promise<void> {
  await db.transaction(async (tx) => {
    const failed = await tx
      .update(connectionTests)
      .set({ state: 'failed', finishedAt: sql`now()` })
      .where(and(eq(connectionTests.workerId, workerId), eq(connectionTests.state, 'running')))
      .returning({ id: connectionTests.id })
    for (const { id } of failed) await notifyLive(tx, `test:${id}`)
  })
}
