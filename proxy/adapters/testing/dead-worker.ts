import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import { LIMITS } from '#lib/domain/limits'
import type { Operation } from '#proxy/core/ports'
import { Recorder } from '#proxy/core/recorder'
import type { RecordedSession } from '#proxy/core/session-ports'
import { allowAll, FakeShipper, FakeWriter, header } from '#proxy/core/testing/recorder-parts'
import { spoolFiles } from '../spool-files'
import { SpoolFolders } from '../spool-folders'
import { spoolKey } from '../spool-key'

/** A worker that writes a spool and ships nothing of it. */
export interface UnshippedWorker {
  readonly folder: string
  open(session: SessionId): Promise<RecordedSession & { readonly client: FakeWriter; readonly upstream: FakeWriter }>
  /** Makes its folder that of a process that is gone. */
  die(): void
}

export function unshippedWorker(home: string, worker: WorkerId, segmentBytes?: number): UnshippedWorker {
  const folder = new SpoolFolders(home, () => Date.now()).create(worker)
  const shipper = new FakeShipper()
  shipper.auto = false
  const recorder = new Recorder({
    disk: spoolFiles(folder),
    shipper,
    key: spoolKey(home),
    clock: { now: () => Date.now(), monotonicMs: () => performance.now() },
    limits: LIMITS,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    later: (turn) => void setImmediate(turn),
    delay: (ms, task) => void setTimeout(task, ms),
    log: () => {},
    ...(segmentBytes !== undefined && { segmentBytes }),
  })
  return {
    folder,
    async open(session) {
      const client = new FakeWriter()
      const upstream = new FakeWriter()
      const recorded = await recorder.open({
        header: header(session, worker),
        recording: 'standard',
        client: client.asSocket(),
        decide: allowAll,
        hold: null,
      })
      recorded.attach(upstream)
      return {
        gate: recorded.gate,
        client,
        upstream,
        attach: (writer) => recorded.attach(writer),
        end: (reason, denial) => recorded.end(reason, denial),
        activity: () => recorded.activity(),
        close: (end) => recorded.close(end),
      }
    },
    die() {
      const owner = { host: hostname(), boot: 'an earlier one', pid: process.pid, startedAt: '' }
      writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner))
    },
  }
}

/** Runs one operation to its end; resolves when its result was handed to the client. */
export async function runOne(
  session: { readonly gate: RecordedSession['gate']; readonly upstream: FakeWriter },
  operation: Operation,
  result: Uint8Array,
): Promise<void> {
  const ruling = await session.gate.decide(operation)
  if (ruling.effect !== 'allow') throw new Error('refused')
  const sent = new Promise<void>((resolve) => {
    session.upstream.onWrite = () => resolve()
  })
  void session.gate.dispatch([ruling.permit], Buffer.from(operation.text))
  await sent
  for (let at = 0; at < result.length; at += 64 * 1024) await session.gate.deliver(result.subarray(at, at + 64 * 1024))
  session.gate.settle(ruling.permit, { status: 'ok', rows: 1, statements: [{ tag: 'SELECT 1', rows: 1 }] })
}
