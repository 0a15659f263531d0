import { z } from 'zod'
import { type ChainVerdict, verifyChain } from '../../crypto/chain'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { parseInput } from '../input'
import { iso, isoTime } from '../timestamps'
import { eventsOf, walkBatches } from './batches'
import { findSession } from './find'
import { RecordingWalk } from './recording-walk'
import type { SessionRow } from './session-item'

export const verifySessionInput = z.strictObject({ id: z.string().max(64) })

export const sessionVerdict = z.object({
  /** `intact`: everything that was recorded is there and unchanged. */
  state: z.enum(['intact', 'broken']),
  events: z.number().int(),
  /** The chain's head, in hex; compare it with what you keep elsewhere. */
  head: z.string().nullable(),
  /** False while the session is live: what is verified is what was shipped so far. */
  closed: z.boolean(),
  recordedBytes: z.number().int(),
  /** Empty when intact. */
  faults: z.array(
    z.object({
      part: z.enum(['chain', 'recording']),
      /** Sequence number of the event, or byte offset in the stream, where it shows. */
      at: z.number().int(),
      reason: z.string(),
    }),
  ),
  verifiedAt: isoTime,
})
export type SessionVerdict = z.infer<typeof sessionVerdict>

const CHAIN_FAULTS: Record<Extract<ChainVerdict, { ok: false }>['fault'], string> = {
  'not-json': 'An event cannot be read.',
  'not-canonical': 'An event is not in the form in which it was hashed.',
  'out-of-sequence': 'An event is missing, doubled or out of order.',
  'hash-differs': 'An event was changed after it was recorded.',
  'does-not-start-with-open': 'The session does not start with its header.',
  'goes-on-after-close': 'There are events after the end record.',
  truncated: 'Events at the end are missing.',
}

/** Recomputes the chain over all events, and the hashes of every recorded byte. Reads the whole session. Recorded. */
export async function verifySession({ ctx, input }: Call<z.input<typeof verifySessionInput>>): Promise<SessionVerdict> {
  const { id } = parseInput(verifySessionInput, input)
  const row = await findSession(ctx, id)
  const { session } = row
  const recording = new RecordingWalk(ctx, row)
  const chain = await walkChain(ctx, row, recording)
  await recording.finish()
  const faults: SessionVerdict['faults'] = [...recording.faults]
  if (!chain.ok) faults.unshift({ part: 'chain', at: chain.seq, reason: CHAIN_FAULTS[chain.fault] })
  const verdict: SessionVerdict = {
    state: faults.length === 0 ? 'intact' : 'broken',
    events: chain.ok ? chain.events : chain.seq,
    head: chain.ok ? chain.head.toString('hex') : null,
    closed: chain.ok && chain.closed,
    recordedBytes: recording.bytes,
    faults: faults.slice(0, 20),
    verifiedAt: iso(new Date(ctx.clock.now())),
  }
  await inTransaction(ctx, (inside) =>
    emitAudit(inside, {
      action: 'session.verify',
      targetId: session.id,
      targetName: `${session.principalName} on ${session.connectionName}`,
      detail: { state: verdict.state, events: verdict.events, head: verdict.head },
    }),
  )
  return verdict
}

async function walkChain(ctx: Context, { session }: SessionRow, recording: RecordingWalk): Promise<ChainVerdict> {
  const verifier = verifyChain()
  for await (const batch of walkBatches(ctx.db, session.id, undefined, 'forwards')) {
    // Events may be shipped while this runs: what is beyond the row that was read is for the next time.
    if (batch.firstSeq > session.lastSeq) break
    if (!verifier.run(batch)) break
    for (const event of eventsOf(batch)) recording.expect(event)
    await recording.keepUp()
  }
  return verifier.finish({ lastSeq: session.lastSeq, head: session.head })
}
