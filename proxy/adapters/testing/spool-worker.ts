import { systemClock } from '#lib/domain/clock'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import { LIMITS } from '#lib/domain/limits'
import { allowAll, FakeWriter, header, query } from '#proxy/core/testing/recorder-parts'
import { startRecorder } from '../recorder'
import { runOne } from './dead-worker'

/** A whole worker's recorder with its shipping thread: one session with a result of `mebibytes`, then a graceful stop. */
async function main(
  home: string,
  worker: WorkerId,
  storeUrl: string,
  session: SessionId,
  mebibytes: number,
): Promise<void> {
  const say = (_: unknown, message: string) => void process.stderr.write(`${message}\n`)
  const started = startRecorder({
    home,
    worker,
    storeUrl,
    limits: LIMITS,
    clock: systemClock,
    log: { debug: () => {}, info: () => {}, warn: say, error: say },
  })
  started.recoverAbandoned()
  const client = new FakeWriter()
  const upstream = new FakeWriter()
  const recorded = await started.recorder.open({
    header: header(session, worker),
    recording: 'standard',
    client: client.asSocket(),
    decide: allowAll,
    hold: null,
  })
  recorded.attach(upstream)
  client.onWrite = () => client.written.splice(0)
  const before = process.memoryUsage.rss()
  const startedMs = performance.now()
  let peak = 0
  const piece = Buffer.from(Array.from({ length: 2_000 }, (_, i) => `row ${i} ${Math.sin(i)}|`).join('')).subarray(
    0,
    32_768,
  )
  const rows = Buffer.concat([piece, piece])
  for (let i = 0; i < mebibytes; i++) {
    await runOne(
      { gate: recorded.gate, upstream },
      query(`SELECT ${i}`),
      Buffer.concat(Array.from({ length: 16 }, () => rows)),
    )
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const seconds = (performance.now() - startedMs) / 1000
  await recorded.close({ reason: 'client-closed', detail: 'done' })
  const complete = await started.drain(60_000)
  const total = (performance.now() - startedMs) / 1000
  console.log(JSON.stringify({ complete, grewMiB: (peak - before) / 1048576, seconds, total }))
}

const [home = '', worker = '', url = '', session = '', mebibytes = '1'] = process.argv.slice(2)
void main(home, worker as WorkerId, url, session as SessionId, Number(mebibytes))
