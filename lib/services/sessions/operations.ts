import { and, gt, gte, lt, lte, type SQL } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { eventBatches } from '../../db/schema/events'
import type { OperationIntended, OperationReviewed, OperationSettled, SessionEvent } from '../../domain/event'
import type { SessionId } from '../../domain/ids'
import { eventsOf, walkBatches } from './batches'
import type { RecordedOperation } from './statement-item'

/** Which operations are wanted: beyond `after`, or before `before`, nearest first. */
export type Span =
  | { readonly direction: 'forwards'; readonly after: number }
  | { readonly direction: 'backwards'; readonly before: number }

export interface OperationFilter {
  readonly verdict?: 'held' | 'refused' | 'failed' | undefined
  /** Lower case. */
  readonly text?: string | undefined
}

export interface FoundOperations {
  /** By operation number, ascending. */
  readonly operations: readonly RecordedOperation[]
  /** Where to go on in the same direction; null when there is no more. */
  readonly next: number | null
}

/** How much is unpacked and read for one page: a rare match in a long session takes several pages. */
const PAGE_BYTES = 48 * 1024 * 1024

/** Intents joined with their outcomes, at most `limit` of those that fit the filter. */
export async function findOperations(
  db: Database,
  sessionId: SessionId,
  span: Span,
  filter: OperationFilter,
  limit: number,
): Promise<FoundOperations> {
  const parts = new Parts()
  const matched = new Set<number>()
  let read = 0
  let next: number | null = null
  for await (const batch of walkBatches(db, sessionId, wanted(span, filter), span.direction)) {
    for (const event of inDirection([...eventsOf(batch)], span)) {
      if (!('op' in event) || !within(event.op, span)) continue
      if (matched.size >= limit && !matched.has(event.op)) {
        next = edge(matched, span)
        continue
      }
      parts.add(event)
      if (matches(event, filter)) matched.add(event.op)
      else if (event.kind === 'operation.intent' && filter.verdict === undefined) parts.forget(event.op)
    }
    read += batch.data.length
    if (next !== null) break
    if (read >= PAGE_BYTES) {
      next = (span.direction === 'forwards' ? batch.lastOp : batch.firstOp) ?? null
      break
    }
  }
  await fill(db, sessionId, parts, [...matched])
  const operations = [...matched]
    .sort((a, b) => a - b)
    .flatMap((op) => parts.recorded(op) ?? [])
    .filter(({ intent }) => contains(intent, filter.text))
  return { operations, next }
}

/** One operation; null when the session has none of this number (yet). */
export async function findOperation(db: Database, sessionId: SessionId, op: number): Promise<RecordedOperation | null> {
  const parts = new Parts()
  await fill(db, sessionId, parts, [op])
  return parts.recorded(op)
}

type OperationEvent = Extract<SessionEvent, { readonly op: number }>

class Parts {
  readonly #intents = new Map<number, OperationIntended>()
  readonly #outcomes = new Map<number, OperationSettled>()
  /** By sequence number. */
  readonly #reviews = new Map<number, Map<number, OperationReviewed>>()

  add(event: OperationEvent): void {
    switch (event.kind) {
      case 'operation.intent':
        this.#intents.set(event.op, event)
        break
      case 'operation.reviewed':
        this.#reviews.set(event.op, (this.#reviews.get(event.op) ?? new Map()).set(event.seq, event))
        break
      case 'operation.outcome':
        this.#outcomes.set(event.op, event)
        break
      case 'operation.held':
        break
    }
  }

  forget(op: number): void {
    this.#intents.delete(op)
    this.#outcomes.delete(op)
    this.#reviews.delete(op)
  }

  complete(op: number): boolean {
    return this.#intents.has(op) && this.#outcomes.has(op)
  }

  /** Between its intent and its outcome there is more, perhaps in batches that were passed over. */
  held(op: number): boolean {
    return this.#intents.get(op)?.decision.effect === 'hold'
  }

  recorded(op: number): RecordedOperation | null {
    const intent = this.#intents.get(op)
    if (intent === undefined) return null
    const reviews = [...(this.#reviews.get(op)?.values() ?? [])].sort((a, b) => a.seq - b.seq)
    return { intent, reviews, outcome: this.#outcomes.get(op) ?? null }
  }
}

/** An operation's events may lie in different batches: reads what is missing of `ops`. */
async function fill(db: Database, sessionId: SessionId, parts: Parts, ops: readonly number[]): Promise<void> {
  for (const op of ops) {
    if (parts.complete(op) && !parts.held(op)) continue
    const holds = and(lte(eventBatches.firstOp, op), gte(eventBatches.lastOp, op))
    for await (const batch of walkBatches(db, sessionId, holds, 'forwards')) {
      for (const event of eventsOf(batch)) if ('op' in event && ops.includes(event.op)) parts.add(event)
      if (parts.complete(op) && !parts.held(op)) break
    }
  }
}

/** Which batches can hold a match. Verdicts are counted beside the batches, so that whole ones are passed over. */
function wanted(span: Span, filter: OperationFilter): SQL | undefined {
  const side =
    span.direction === 'forwards' ? gt(eventBatches.lastOp, span.after) : lt(eventBatches.firstOp, span.before)
  return and(side, filter.verdict === undefined ? undefined : gt(eventBatches[filter.verdict], 0))
}

function matches(event: OperationEvent, filter: OperationFilter): boolean {
  if (filter.verdict === undefined) return event.kind === 'operation.intent' && contains(event, filter.text)
  if (filter.verdict === 'held') return event.kind === 'operation.held'
  return event.kind === 'operation.outcome' && event.status === (filter.verdict === 'failed' ? 'error' : 'refused')
}

function contains(intent: OperationIntended, text: string | undefined): boolean {
  if (text === undefined) return true
  const whole = intent.encoding === 'base64' ? Buffer.from(intent.text, 'base64').toString('latin1') : intent.text
  return whole.toLowerCase().includes(text)
}

function inDirection(events: SessionEvent[], span: Span): SessionEvent[] {
  return span.direction === 'forwards' ? events : events.reverse()
}

function within(op: number, span: Span): boolean {
  return span.direction === 'forwards' ? op > span.after : op < span.before
}

function edge(matched: ReadonlySet<number>, span: Span): number {
  return span.direction === 'forwards' ? Math.max(...matched) : Math.min(...matched)
}
