import { hash } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import { outcomeLine, sessionLine } from '#proxy/core/event-line'
import { type EventFrame, FrameBuffer, frameId } from '#proxy/core/spool-frames'
import { copyGains } from './shipper-copy'
import { shareOf } from './shipper-share'
import { lockSessions, notify, updateSessions } from './shipper-store'
import { FrameIndex } from './spool-index'

const NOTHING = hash('sha256', '', 'hex')

/**
 * Gives every session of a dead worker that has no end one: `unknown` for each command that was under way, then the close. Each
 * in a transaction of its own, continuing its chain. Safe to repeat. Returns how many were ended.
 */
export async function endSessionsOf(sql: Sql, worker: WorkerId, now: () => number): Promise<number> {
  const open = await sql<{ id: SessionId }[]>`
    select id from sessions where worker_id = ${worker} and ended_at is null order by id`
  let ended = 0
  for (const { id } of open) if (await sql.begin((tx) => endSession(tx, id, now()))) ended++
  return ended
}

async function endSession(tx: TransactionSql, session: SessionId, at: number): Promise<boolean> {
  const mark = (await lockSessions(tx, [session])).get(session)
  if (mark === undefined || mark.endReason !== null || mark.lastSeq < 0) return false
  const [counts] = await tx<{ operations: string }[]>`select operations from sessions where id = ${session}`
  const frames = new FrameBuffer()
  const id = frameId(session)
  let seq = mark.lastSeq
  const add = (facts: Pick<EventFrame, 'kind' | 'verdict' | 'op'>, line: (seq: number) => string) => {
    seq++
    frames.event(id, { ...facts, seq, at, rows: 0 }, line(seq))
  }
  const { outBytes: out, inBytes } = mark
  for (const op of mark.inFlight) {
    add({ kind: 'operation.outcome', verdict: 'failed', op }, (seq) =>
      outcomeLine({
        at,
        seq,
        op,
        status: 'unknown',
        durationUs: 0,
        rows: 0,
        statements: [],
        out: [out, out],
        outSha256: NOTHING,
      }),
    )
  }
  const detail = 'The gateway stopped unexpectedly; what was under way then has an unknown outcome.'
  const operations = Number(counts?.operations ?? 0)
  add({ kind: 'session.close', verdict: 'none', op: 0 }, (seq) =>
    sessionLine({
      v: 1,
      kind: 'session.close',
      at,
      seq,
      reason: 'gateway-crashed',
      detail,
      operations,
      out,
      in: inBytes,
    }),
  )
  const index = new FrameIndex()
  index.add(frames.take())
  const gain = shareOf(mark, index.sessions.get(session) ?? { blocks: [], starts: [] })
  await copyGains(tx, [gain])
  await updateSessions(tx, [gain])
  await notify(tx, [gain])
  return true
}
