import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { CONTROL_CHANNEL, type ControlSignal, LIVE_CHANNEL, type LiveTopic } from '../../domain/signals'

/** Tells portals that something changed. Sent when the transaction commits, and only then. */
export async function notifyLive(db: Database, topic: LiveTopic): Promise<void> {
  await db.execute(sql`select pg_notify(${LIVE_CHANNEL}, ${topic})`)
}

/** Tells proxy workers to act. Sent when the transaction commits, and only then. */
export async function notifyControl(db: Database, signal: ControlSignal): Promise<void> {
  await db.execute(sql`select pg_notify(${CONTROL_CHANNEL}, ${JSON.stringify(signal)})`)
}
