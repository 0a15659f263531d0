import { may } from '#lib/domain/permissions'
import type { ReplayCell } from '#lib/domain/replay/postgres-result'
import type { Context } from '#lib/services/context'
import { listReviews } from '#lib/services/reviews/list'
import { listEvents } from '#lib/services/sessions/list-events'
import { listStatements } from '#lib/services/sessions/list-statements'
import { readSession } from '#lib/services/sessions/read'
import { readResult } from '#lib/services/sessions/read-result'
import { readStatement, type StatementDetail } from '#lib/services/sessions/read-statement'
import { readTimeline } from '#lib/services/sessions/read-timeline'
import type { StatementItem } from '#lib/services/sessions/statement-item'
import { type SessionVerdict, verifySession } from '#lib/services/sessions/verify'
import { toRow } from '../load'
import type { HeldReview, OpenedStatement } from './_components/opened-statement'
import type { RecordedEvent } from './_components/record-tab'
import { PAGE } from './_components/result-page'
import type { SessionView } from './_components/session'
import type { Statement, StatementWindow } from './_components/statement'
import type { TimelineMarks } from './_components/timeline-marks'

export interface WindowQuery {
  readonly q: string
  readonly verdict: 'held' | 'refused' | 'failed' | null
  /** Statements after this one, before this one, or around this one; none of them: from the start. */
  readonly after?: number
  readonly before?: number
  readonly around?: number
}

const WINDOW = 150
/** How often a search that found nothing yet goes on before it answers. */
const SEARCHES = 40
/** Characters of a statement that a row can show. */
const ROW_TEXT = 300

export async function sessionView(ctx: Context, id: string): Promise<SessionView> {
  const session = await readSession({ ctx, input: { id } })
  return {
    ...toRow(session),
    connectionVersion: session.connection.version,
    tags: session.tags,
    target: session.target,
    client: session.client,
    run: session.run?.label ?? null,
    token: session.tokenId,
    endDetail: session.endDetail,
    lastSeq: session.events - 1,
    outBytes: session.outBytes,
    inBytes: session.inBytes,
    mayEnd: session.mayEnd,
    mayReplay: may(ctx.actor, 'recordings:read') || session.owner.id === ctx.actor.principal.id,
    ending: session.endRequested?.by ?? null,
  }
}

export async function statementWindow(ctx: Context, id: string, query: WindowQuery): Promise<StatementWindow> {
  const filter = {
    ...(query.verdict === null ? {} : { verdict: query.verdict }),
    ...(query.q.trim() === '' ? {} : { query: query.q.trim() }),
  }
  const backwards = query.before !== undefined
  let place = query.before ?? (query.around === undefined ? query.after : Math.max(0, query.around - WINDOW / 3)) ?? 0
  for (let search = 1; ; search++) {
    const at = backwards ? { before: place } : { after: place }
    const page = await listStatements({ ctx, input: { id, limit: WINDOW, ...filter, ...at } })
    if (page.items.length === 0 && page.next !== null && search < SEARCHES) {
      place = page.next
      continue
    }
    const held = await heldOperations(ctx, id, page.items)
    const statements = page.items.map((item) => toStatement(item, held))
    if (backwards) return { statements, before: page.next, after: null }
    return { statements, before: place > 0 ? (statements[0]?.op ?? null) : null, after: page.next }
  }
}

export async function openedStatement(ctx: Context, id: string, op: number): Promise<OpenedStatement> {
  const [statement, result] = await Promise.all([
    readStatement({ ctx, input: { id, op } }),
    readResult({ ctx, input: { id, op, limit: PAGE } }),
  ])
  const [events, review] = await Promise.all([eventsOf(ctx, id, statement), reviewOf(ctx, id, statement)])
  return { statement, result, events, review }
}

/** Events among which those of a held statement are: it has four, and the session does little else meanwhile. */
const AROUND_HELD = 24

async function eventsOf(ctx: Context, id: string, statement: StatementDetail): Promise<readonly RecordedEvent[]> {
  if (statement.decision.effect === 'hold') return heldEvents(ctx, id, statement)
  const seqs = [statement.intentSeq, statement.outcomeSeq].filter((seq) => seq !== null)
  const pages = await Promise.all(seqs.map((seq) => listEvents({ ctx, input: { id, after: seq - 1, limit: 1 } })))
  return pages.flatMap(({ items }, index) =>
    items.map((event) => ({ ...event, kind: index === 0 ? 'operation.intent' : 'operation.outcome' })),
  )
}

/** Of one that was held also that it was, and what people decided. */
async function heldEvents(
  ctx: Context,
  id: string,
  { op, intentSeq }: StatementDetail,
): Promise<readonly RecordedEvent[]> {
  const { items } = await listEvents({ ctx, input: { id, after: intentSeq - 1, limit: AROUND_HELD } })
  return items.flatMap((event) => {
    const { kind, op: of } = JSON.parse(event.line) as { kind: string; op?: number }
    return of === op ? [{ ...event, kind }] : []
  })
}

/** Rows of result set `set`, from `offset` on. */
export async function resultRows(
  ctx: Context,
  id: string,
  op: number,
  set: number,
  offset: number,
): Promise<readonly (readonly ReplayCell[])[]> {
  const result = await readResult({ ctx, input: { id, op, set, offset, limit: PAGE } })
  return result.sets[set]?.rows ?? []
}

export async function verification(ctx: Context, id: string): Promise<SessionVerdict> {
  return verifySession({ ctx, input: { id } })
}

/** Operations of these that wait for approval: what is recorded of them does not say whether they still do. */
async function heldOperations(ctx: Context, id: string, items: readonly StatementItem[]): Promise<ReadonlySet<number>> {
  if (!items.some(({ status, decision }) => status === 'running' && decision.effect === 'hold')) return new Set()
  const pending = await listReviews({ ctx, input: { sessionId: id, state: 'pending' } })
  return new Set(pending.items.map(({ session }) => session.op))
}

async function reviewOf(ctx: Context, id: string, { op, decision }: StatementDetail): Promise<HeldReview | null> {
  if (decision.effect !== 'hold') return null
  const { items } = await listReviews({ ctx, input: { sessionId: id, limit: 200 } })
  const review = items.find(({ session }) => session.op === op)
  return review ? { id: review.id, state: review.state } : null
}

function toStatement(item: StatementItem, held: ReadonlySet<number>): Statement {
  return {
    op: item.op,
    at: item.at,
    text: item.encoding === 'utf8' ? item.text.slice(0, ROW_TEXT).replace(/\s+/g, ' ').trim() : 'not UTF-8',
    own: item.own,
    status: item.status === 'running' && held.has(item.op) ? 'held' : item.status,
    rows: item.rows,
    durationUs: item.durationUs,
  }
}

/** A mark for each stretch of statements, and one more where something in it was refused or failed, for sessions longer than what the table has read. */
export async function timeline(ctx: Context, id: string): Promise<TimelineMarks> {
  const stretches = await readTimeline({ ctx, input: { id } })
  return stretches.flatMap(({ firstOp, lastOp, from, to, refused, failed }) => {
    const at = Date.parse(from)
    const all = { op: firstOp, lastOp, at, until: Date.parse(to), kind: 'allowed' as const }
    return refused + failed > 0 ? [all, { ...all, until: at, kind: 'denied' as const }] : [all]
  })
}
