import { and, asc, eq, gte, lte, sql } from 'drizzle-orm'
import type { Database } from '../../../db/client'
import { eventBatches } from '../../../db/schema/events'
import { sessions } from '../../../db/schema/sessions'
import { SallyportError } from '../../../domain/errors'
import type { OperationType } from '../../../domain/event'
import type { SessionId } from '../../../domain/ids'
import type { PolicyVerdict } from '../../../domain/policy'
import type { SqlFacts } from '../../../domain/sql-facts'
import { nameSpace } from '../../../policy/name-space'
import { type Judge, Policies } from '../../../policy/policies'
import type { NameSpace, PolicyOperation, PolicySession } from '../../../policy/request'
import { unpack } from '../../sessions/batches'
import { iso } from '../../timestamps'
import { keptNames } from '../kept-names'
import type { DryRunRequest, DryRunResult, DryRunWatch } from './dry-run-items'
import { cutIntent } from './intent-line'
import { type RecordedSession, recordedSessions } from './recorded-sessions'
import { Tally } from './tally'

/** Batches read at a time, and when to give up. */
const AT_ONCE = 64
const MOST_MS = 60_000
const MOST_FACTS = 50_000
/** Databases whose names are kept at a time. */
const MOST_NAMES = 4

/** Judges every recorded statement of a time by a set of policies. Busy for as long as it takes: keep it off a thread that serves. */
export async function judgeRecorded(
  db: Database,
  request: DryRunRequest,
  nowMs: () => number,
  { signal, onJudged }: DryRunWatch = {},
): Promise<DryRunResult> {
  const started = nowMs()
  const policies = new Policies(request.set)
  const run = new DryRun(policies, request)
  let complete = true
  try {
    let next: Promise<readonly PackedBatch[]> = readBatches(db, request, null)
    for (;;) {
      const batches = await next
      const last = batches.at(-1)
      if (last === undefined) break
      if (nowMs() - started > MOST_MS) {
        complete = false
        break
      }
      next = readBatches(db, request, last)
      // A failure is seen where it is waited for.
      next.catch(() => undefined)
      await run.judge(db, batches)
      onJudged?.(run.judged)
      if (signal?.aborted) throw new SallyportError('unavailable', 'The dry run was cancelled.')
    }
    return { ...run.result(), complete, tookMs: Math.round(nowMs() - started) }
  } finally {
    policies.release()
  }
}

type PackedBatch = Awaited<ReturnType<typeof readBatches>>[number]

interface Place {
  readonly sessionId: SessionId
  readonly firstSeq: number
}

/** In the order of the table's key, so that each page starts where the last one ended. */
async function readBatches(db: Database, { from, to, connection }: DryRunRequest, after: Place | null) {
  return db
    .select({
      sessionId: eventBatches.sessionId,
      firstSeq: eventBatches.firstSeq,
      codec: eventBatches.codec,
      data: eventBatches.data,
    })
    .from(eventBatches)
    .innerJoin(sessions, eq(sessions.id, eventBatches.sessionId))
    .where(
      and(
        gte(eventBatches.firstAt, new Date(from)),
        lte(eventBatches.firstAt, new Date(to)),
        sql`${eventBatches.firstOp} is not null`,
        connection === null ? undefined : eq(sessions.connectionName, connection),
        after === null
          ? undefined
          : sql`(${eventBatches.sessionId}, ${eventBatches.firstSeq}) > (${after.sessionId}, ${after.firstSeq})`,
      ),
    )
    .orderBy(asc(eventBatches.sessionId), asc(eventBatches.firstSeq))
    .limit(AT_ONCE)
}

interface JudgedSession {
  readonly session: PolicySession
  readonly judge: Judge
  readonly names: NameSpace
}

class DryRun {
  readonly #policies: Policies
  readonly #request: DryRunRequest
  readonly #tally: Tally
  /** Facts that are equal, once, under a short name. */
  readonly #facts = new Map<string, NonNullable<PolicyOperation['facts']>>()
  readonly #names = new Map<string, NameSpace>()
  #current: { readonly id: SessionId; readonly known: JudgedSession | null } | null = null
  #sessions = 0
  #notJudged = 0
  #judged = 0

  constructor(policies: Policies, request: DryRunRequest) {
    this.#policies = policies
    this.#request = request
    this.#tally = new Tally(request.reviewMs)
  }

  get judged(): number {
    return this.#judged
  }

  async judge(db: Database, batches: readonly PackedBatch[]): Promise<void> {
    const ids = [...new Set(batches.map(({ sessionId }) => sessionId))]
    const known = await recordedSessions(db, ids)
    const texts = await Promise.all(batches.map(({ codec, data }) => unpack(codec, data)))
    for (const [index, { sessionId }] of batches.entries()) {
      const judged = await this.#sessionOf(db, sessionId, known)
      const text = texts[index]
      if (judged !== null && text !== undefined) this.#judgeLines(sessionId, judged, text)
    }
  }

  result(): Omit<DryRunResult, 'complete' | 'tookMs'> {
    const { set, from, to } = this.#request
    const tally = this.#tally.result()
    return {
      ...tally,
      approvalsPerDay: Math.round((10 * tally.approvalsPerDay) / this.#tally.daysUntil(to)) / 10,
      ...{ setVersion: set.version, from: iso(new Date(from)), to: iso(new Date(to)) },
      ...{ sessions: this.#sessions, notJudged: this.#notJudged },
    }
  }

  /** Batches come session by session. */
  async #sessionOf(
    db: Database,
    id: SessionId,
    known: ReadonlyMap<SessionId, RecordedSession>,
  ): Promise<JudgedSession | null> {
    if (this.#current?.id === id) return this.#current.known
    const recorded = known.get(id)
    this.#sessions += 1
    this.#current = { id, known: null }
    if (recorded === undefined) return null
    const { session } = recorded
    const judged = { session, judge: this.#policies.judge(session), names: await this.#namesOf(db, recorded) }
    this.#current = { id, known: judged }
    return judged
  }

  /** One after the other is read: a thread that held them all might hold too much. */
  async #namesOf(db: Database, { session, place }: RecordedSession): Promise<NameSpace> {
    if (place === null) return nameSpace([session.targetUser, 'public'], null)
    const key = JSON.stringify(place)
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const { names } = await keptNames(db, place)
    if (this.#names.size >= MOST_NAMES) this.#names.clear()
    this.#names.set(key, names)
    return names
  }

  #judgeLines(sessionId: SessionId, { session, judge, names }: JudgedSession, batch: Uint8Array): void {
    const { principal, connection } = session
    for (const line of Buffer.from(batch.buffer, batch.byteOffset, batch.length).toString('utf8').split('\n')) {
      const intent = cutIntent(line)
      if (intent === null) continue
      if (intent.facts === null) {
        this.#notJudged += 1
        continue
      }
      const { at, type, before } = intent
      const facts = this.#interned(intent.facts, line)
      const verdict = whenRun(type, judge({ type, facts, approvedBy: [], now: at, names }))
      this.#tally.add({ sessionId, principal, connection: connection.name, at, before, verdict, line })
      this.#judged += 1
    }
  }

  #interned(json: string, line: string): NonNullable<PolicyOperation['facts']> {
    const known = this.#facts.get(json)
    if (known !== undefined) return known
    const facts = parseFacts(json, line)
    if (this.#facts.size >= MOST_FACTS) return { facts, key: json }
    const made = { facts, key: String(this.#facts.size) }
    // A copy: a slice would keep the whole batch it was cut from.
    this.#facts.set(Buffer.from(json, 'utf8').toString('utf8'), made)
    return made
  }
}

/** A later version may write more between the facts and what is known to follow them. */
function parseFacts(json: string, line: string): SqlFacts {
  try {
    return JSON.parse(json) as SqlFacts
  } catch {
    return (JSON.parse(line) as { facts: SqlFacts }).facts
  }
}

/** Of what is prepared or bound nothing runs yet: a hold is left to what runs it, which is judged by itself. */
function whenRun(type: OperationType, verdict: PolicyVerdict): PolicyVerdict {
  if (verdict.effect !== 'hold' || (type !== 'prepare' && type !== 'bind')) return verdict
  return { effect: 'allow', policies: [], alerts: verdict.alerts }
}
