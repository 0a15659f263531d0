import { createHash, randomBytes } from 'node:crypto'
import { brotliCompressSync } from 'node:zlib'
import { canonicalJson, type Json } from '../../crypto/canonical'
import { chainStart, linkLine } from '../../crypto/chain'
import { CODECS, eventBatches, recordingChunks } from '../../db/schema/events'
import { sessions } from '../../db/schema/sessions'
import type { TestStore } from '../../db/testing/store'
import type { OperationSettled, OperationType, SessionEvent } from '../../domain/event'
import { type ConnectionId, newId, type SessionId } from '../../domain/ids'
import type { Principal } from '../../domain/principal'
import type { SqlFacts } from '../../domain/sql-facts'

const source = { now: () => Date.now(), random: (length: number) => randomBytes(length) }
type Draft<T> = T extends SessionEvent ? Omit<T, 'v' | 'at' | 'seq'> : never

/** One statement of a recorded session: its text, what the client saw, and how it went. */
export interface StatementDraft {
  readonly text: string
  readonly out?: Uint8Array
  readonly status?: OperationSettled['status']
  readonly binds?: readonly Json[]
  readonly formats?: readonly number[]
  readonly layoutAt?: number
  readonly facts?: SqlFacts
  readonly type?: OperationType
  /** How it was decided; by its status when absent. */
  readonly decided?: 'allow' | 'deny' | 'hold'
  /** Leaves the outcome out. */
  readonly unsettled?: boolean
  /** Asked by the gateway itself. */
  readonly own?: true
}

export interface RecordingDraft {
  readonly principal: Principal
  readonly owner: Principal
  readonly connection?: string
  /** Of a connection that there is; else one that is gone. */
  readonly connectionId?: ConnectionId
  readonly statements: readonly StatementDraft[]
  /** How many events a batch holds. */
  readonly perBatch?: number
  /** How many bytes a chunk of the `out` stream holds. */
  readonly perChunk?: number
  readonly live?: boolean
  readonly at?: number
}

/** Writes a session as the recorder would: chained events in batches, output in chunks. Returns its id. */
export async function recordSession(store: TestStore, draft: RecordingDraft): Promise<SessionId> {
  const id = newId('session', source)
  const at = draft.at ?? Date.now()
  const { events, out } = eventsOf(id, draft, at)
  const head = await writeBatches(store, id, events, draft.perBatch ?? 3)
  await writeChunks(store, id, out, draft.perChunk ?? 64, at)
  const statuses = draft.statements.map(({ status }) => status ?? 'ok')
  await store.recorder.db.insert(sessions).values({
    id,
    protocol: 'postgres',
    ...{ principalId: draft.principal.id, principalName: draft.principal.name, principalKind: draft.principal.kind },
    ...{ ownerId: draft.owner.id, ownerName: draft.owner.name },
    tokenId: newId('token', source),
    connectionId: draft.connectionId ?? 'con_0123456789abcdefghjk',
    connectionName: draft.connection ?? 'shop',
    connectionVersion: 1,
    ...{ targetUser: 'app', targetDatabase: 'shop', clientAddress: '127.0.0.1', workerId: newId('worker', source) },
    startedAt: new Date(at),
    ...(draft.live ? {} : { endedAt: new Date(at + 1_000), endReason: 'client-closed' as const }),
    lastEventAt: new Date(at),
    lastSeq: events.length - 1,
    head,
    outBytes: out.length,
    operations: draft.statements.filter(({ own }) => !own).length,
    refused: statuses.filter((status) => status === 'refused').length,
    failed: statuses.filter((status) => status === 'error').length,
  })
  return id
}

function eventsOf(id: SessionId, draft: RecordingDraft, at: number): { events: SessionEvent[]; out: Buffer } {
  const events: SessionEvent[] = []
  const add = (event: Draft<SessionEvent>) => events.push({ v: 1, at, seq: events.length, ...event } as SessionEvent)
  add({ kind: 'session.open', session: id } as unknown as Draft<SessionEvent>)
  const pieces: Uint8Array[] = []
  let offset = 0
  for (const [
    index,
    { text, out = new Uint8Array(), status = 'ok', unsettled, layoutAt, decided, ...rest },
  ] of draft.statements.entries()) {
    const op = index + 1
    const refused = status === 'refused'
    const decision = { effect: decided ?? (refused ? 'deny' : 'allow'), policy: 'access', reason: 'because' } as const
    add({ kind: 'operation.intent', op, type: 'query', text, effect: 'read', decision, ...rest } as Draft<SessionEvent>)
    if (unsettled) continue
    pieces.push(out)
    add({
      ...{ kind: 'operation.outcome', op, status, durationUs: 10, rows: 0, statements: [] },
      out: [offset, offset + out.length],
      outSha256: createHash('sha256').update(out).digest('hex'),
      ...(layoutAt !== undefined && { layoutAt }),
    })
    offset += out.length
  }
  if (!draft.live)
    add({
      kind: 'session.close',
      reason: 'client-closed',
      detail: 'closed',
      operations: events.length,
      out: offset,
      in: 0,
    })
  return { events, out: Buffer.concat(pieces) }
}

async function writeBatches(store: TestStore, sessionId: SessionId, events: SessionEvent[], perBatch: number) {
  let head = chainStart()
  for (let from = 0; from < events.length; from += perBatch) {
    const run = events.slice(from, from + perBatch)
    const lines = run.map((event) => Buffer.from(canonicalJson(event as unknown as Json)))
    for (const line of lines) head = linkLine(head, line)
    const ops = run.flatMap((event) => ('op' in event ? [event.op] : []))
    const ended = (status: string) => run.filter((event) => 'status' in event && event.status === status).length
    await store.recorder.db.insert(eventBatches).values({
      sessionId,
      firstSeq: from,
      lastSeq: from + run.length - 1,
      firstAt: new Date(run[0]?.at ?? 0),
      lastAt: new Date(run.at(-1)?.at ?? 0),
      firstOp: ops.length > 0 ? Math.min(...ops) : null,
      lastOp: ops.length > 0 ? Math.max(...ops) : null,
      operations: run.filter((event) => event.kind === 'operation.intent' && !event.own).length,
      refused: ended('refused'),
      failed: ended('error'),
      codec: CODECS.brotli,
      data: brotliCompressSync(Buffer.from(lines.join('\n'))),
      head,
    })
  }
  return head
}

async function writeChunks(store: TestStore, sessionId: SessionId, out: Buffer, perChunk: number, at: number) {
  for (let from = 0; from < out.length; from += perChunk) {
    const data = out.subarray(from, from + perChunk)
    await store.recorder.db.insert(recordingChunks).values({
      ...{
        sessionId,
        stream: 'out' as const,
        from,
        to: from + data.length,
        at: new Date(at),
        codec: CODECS.none,
        data,
      },
      sha256: createHash('sha256').update(data).digest(),
    })
  }
}
