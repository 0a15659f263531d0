import type { Sql, TransactionSql } from 'postgres'
import { z } from 'zod'
import type { SessionOpened } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import { LIVE_CHANNEL } from '#lib/domain/signals'
import { copyGains } from './shipper-copy'
import type { SessionGain, SessionMark } from './shipper-rows'
import { shareOf } from './shipper-share'
import { SpoolGap } from './spool-gap'
import { eachFrame, type FrameList } from './spool-index'

/** A session whose frames could not be stored, and why. They must be kept. */
export interface Misfit {
  readonly session: SessionId
  readonly reason: string
}

/**
 * Stores frames in one transaction. Safe to repeat: each session's row says what is there already and is locked meanwhile.
 * `expected` is what this process shipped last of a session; a row that says otherwise was written by somebody else.
 */
export async function storeFrames(
  sql: Sql,
  sessions: ReadonlyMap<SessionId, FrameList>,
  expected: ReadonlyMap<SessionId, number>,
): Promise<{ readonly gains: readonly SessionGain[]; readonly misfits: readonly Misfit[] }> {
  return await sql.begin(async (tx) => {
    await insertSessions(tx, sessions)
    const marks = await lockSessions(tx, [...sessions.keys()])
    const gains: SessionGain[] = []
    const misfits: Misfit[] = []
    for (const [session, frames] of sessions) {
      const mark = marks.get(session)
      const found =
        mark === undefined ? 'its first event is missing' : await gainOf(tx, mark, frames, expected.get(session))
      if (typeof found === 'string') misfits.push({ session, reason: found })
      else gains.push(found)
    }
    const changed = gains.filter((gain) => gain.batches.length > 0 || gain.chunks.length > 0)
    await copyGains(tx, changed)
    await updateSessions(tx, gains)
    await notify(tx, changed)
    return { gains, misfits }
  })
}

async function gainOf(
  tx: TransactionSql,
  mark: SessionMark,
  frames: FrameList,
  expected: number | undefined,
): Promise<SessionGain | string> {
  if (expected !== undefined && isForeign(mark, frames, expected)) {
    return `the store has event ${mark.lastSeq}, we shipped ${expected}`
  }
  try {
    const gain = shareOf(mark, frames)
    if (mark.endReason === null) return gain
    const late = gain.batches.length > 0 || gain.chunks.length > 0 || (await isLate(tx, mark, frames))
    return late ? `it ended already (${mark.endReason})` : gain
  } catch (error) {
    if (error instanceof SpoolGap) return error.message
    throw error
  }
}

/** Whether the row was written by somebody else. That it is ahead by just these frames means a commit whose answer was lost. */
function isForeign(mark: SessionMark, frames: FrameList, expected: number): boolean {
  let last = expected
  eachFrame(frames, (frame) => {
    if (frame.type === 'event') last = frame.seq
  })
  return mark.lastSeq < expected || mark.lastSeq > last || mark.endReason === 'gateway-crashed'
}

/** Whether somebody ended the session before these events came: its last batch is then what they wrote in their place. */
async function isLate(tx: TransactionSql, mark: SessionMark, frames: FrameList): Promise<boolean> {
  if (mark.endReason !== 'gateway-crashed') return false
  const [last] = await tx<{ first_seq: string }[]>`
    select first_seq from event_batches where session_id = ${mark.id} order by first_seq desc limit 1`
  const from = Number(last?.first_seq ?? 0)
  let late = false
  eachFrame(frames, (frame) => {
    late ||= frame.type === 'event' && frame.seq >= from
  })
  return late
}

const rowFacts = z.object({ signInId: z.string().nullable(), tags: z.record(z.string(), z.string()) })

/** Texts of a session's first event and of what its row says beyond that; null when it was opened earlier. */
function openingOf(frames: FrameList): { readonly event: string; readonly row: string } | null {
  let event: string | null = null
  let row: string | null = null
  // They stand at its beginning, the row first.
  eachFrame({ blocks: frames.blocks.slice(0, 2), starts: frames.starts }, (frame) => {
    if (frame.type === 'row') row = frame.text
    else if (frame.type === 'event' && frame.kind === 'session.open') event = frame.text
  })
  return event === null || row === null ? null : { event, row }
}

async function insertSessions(tx: TransactionSql, sessions: ReadonlyMap<SessionId, FrameList>): Promise<void> {
  const rows: unknown[] = []
  for (const frames of sessions.values()) {
    const opening = openingOf(frames)
    if (opening === null) continue
    const event = JSON.parse(opening.event) as SessionOpened
    const { signInId, tags } = rowFacts.parse(JSON.parse(opening.row))
    rows.push({
      id: event.session,
      protocol: event.protocol,
      principal_id: event.principal.id,
      principal_name: event.principal.name,
      principal_kind: event.principal.kind,
      owner_id: event.onBehalfOf.id,
      owner_name: event.onBehalfOf.name,
      token_id: event.token,
      sign_in_id: signInId,
      run_id: event.run,
      connection_id: event.connection.id,
      connection_name: event.connection.name,
      connection_version: event.connection.version,
      tags,
      target_user: event.target.user,
      target_database: event.target.database,
      client_address: event.client.address,
      application: event.client.application,
      worker_id: event.worker,
      started_at: new Date(event.at).toISOString(),
      last_event_at: new Date(event.at).toISOString(),
    })
  }
  if (rows.length === 0) return
  await tx`
    insert into sessions (id, protocol, principal_id, principal_name, principal_kind, owner_id, owner_name, token_id, sign_in_id,
      run_id, connection_id, connection_name, connection_version, tags, target_user, target_database, client_address, application,
      worker_id, started_at, last_event_at)
    select * from jsonb_to_recordset(${json(rows)}::text::jsonb) as r(id text, protocol text, principal_id text,
      principal_name text, principal_kind text, owner_id text, owner_name text, token_id text, sign_in_id text, run_id text,
      connection_id text, connection_name text, connection_version integer, tags jsonb, target_user text, target_database text,
      client_address text, application text, worker_id text, started_at timestamptz, last_event_at timestamptz)
    order by id
    on conflict (id) do nothing`
}

/** The rows of `ids`, locked in the order of their ids so that two shippers never wait for each other. */
export async function lockSessions(
  tx: TransactionSql,
  ids: readonly SessionId[],
): Promise<Map<SessionId, SessionMark>> {
  const rows = await tx<
    {
      id: SessionId
      last_seq: string
      head: Buffer | null
      out_bytes: string
      in_bytes: string
      in_flight: string[]
      end_reason: string | null
    }[]
  >`select id, last_seq, head, out_bytes, in_bytes, in_flight, end_reason from sessions
    where id = any(${[...ids]}) order by id for no key update`
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        lastSeq: Number(row.last_seq),
        head: row.head,
        outBytes: Number(row.out_bytes),
        inBytes: Number(row.in_bytes),
        inFlight: row.in_flight.map(Number),
        endReason: row.end_reason,
      },
    ]),
  )
}

/** Brings the rows up to what was added. Counters grow; `last_event_at` never goes back. */
export async function updateSessions(tx: TransactionSql, gains: readonly SessionGain[]): Promise<void> {
  if (gains.length === 0) return
  const rows = gains.map((gain) => ({
    id: gain.id,
    last_seq: gain.lastSeq,
    head: gain.head?.toString('hex') ?? null,
    last_event_at: new Date(gain.lastEventAt).toISOString(),
    out_bytes: gain.outBytes,
    in_bytes: gain.inBytes,
    stored_bytes: gain.storedBytes,
    operations: gain.operations,
    held: gain.held,
    refused: gain.refused,
    failed: gain.failed,
    rows: gain.rows,
    in_flight: gain.inFlight,
    ended_at: gain.closed && new Date(gain.closed.at).toISOString(),
    end_reason: gain.closed?.reason ?? null,
    end_detail: gain.closed?.detail ?? null,
  }))
  await tx`
    update sessions s set last_seq = r.last_seq, head = decode(r.head, 'hex'),
      last_event_at = greatest(s.last_event_at, r.last_event_at), out_bytes = r.out_bytes, in_bytes = r.in_bytes,
      stored_bytes = s.stored_bytes + r.stored_bytes, operations = s.operations + r.operations, held = s.held + r.held, refused = s.refused + r.refused,
      failed = s.failed + r.failed, rows = s.rows + r.rows, in_flight = r.in_flight,
      ended_at = coalesce(s.ended_at, r.ended_at), end_reason = coalesce(s.end_reason, r.end_reason),
      end_detail = coalesce(s.end_detail, r.end_detail)
    from jsonb_to_recordset(${json(rows)}::text::jsonb) as r(id text, last_seq bigint, head text, last_event_at timestamptz,
      out_bytes bigint, in_bytes bigint, stored_bytes bigint, operations bigint, held bigint, refused bigint, failed bigint, rows bigint,
      in_flight bigint[], ended_at timestamptz, end_reason text, end_detail text)
    where s.id = r.id`
}

/** Tells the pages that watch. */
export async function notify(tx: TransactionSql, gains: readonly SessionGain[]): Promise<void> {
  if (gains.length === 0) return
  const topics = ['sessions', ...gains.map((gain) => `session:${gain.id}`)]
  await tx`select pg_notify(${LIVE_CHANNEL}, topic) from unnest(${topics}::text[]) as topic`
}

/** JSON text that PostgreSQL takes as jsonb: without what its texts cannot hold. The evidence itself is stored as bytes. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'string' ? member.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd') : member,
  )
}
