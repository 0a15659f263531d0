import { setPriority } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { StoreLink } from './shipper-link'
import { ShipperLoop } from './shipper-loop'
import type { FromShipper, ShipperStart, ToShipper } from './shipper-messages'
import { SpoolFolders } from './spool-folders'

/** Entry of the shipping thread. Talks to the worker through its parent port only. */
function main(port: NonNullable<typeof parentPort>, start: ShipperStart): void {
  lowerPriority()
  const report = (message: FromShipper) => port.postMessage(message)
  const link = new StoreLink(start.url, (up, error) => {
    report({ kind: 'store', up })
    if (!up) report({ kind: 'log', level: 'warn', message: 'The store does not take records.', cause: String(error) })
  })
  const now = () => Date.now()
  const loop = new ShipperLoop({
    link,
    folders: new SpoolFolders(start.home, now),
    key: start.key,
    folder: start.folder,
    report,
    now,
    pieceDone: collector(),
  })
  port.on('message', (message: ToShipper) => {
    if (message.kind === 'ship') loop.ship(message.end)
    else if (message.kind === 'recover') loop.recover(message.call, message.worker)
    else loop.stop()
  })
  // In a thread this ends the thread.
  void loop.run().then(() => process.exit(0))
}

/** Buffers hardly count for the collector: left alone, tens of megabytes that were shipped long ago would wait to be freed. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void
  setFlagsFromString('--no-expose-gc')
  return () => collect({ type: 'minor' })
}

/** On Linux a priority belongs to the thread that asks for it: clients go before shipping. */
function lowerPriority(): void {
  try {
    setPriority(0, 10)
  } catch {
    // Not permitted here: shipping then competes as an equal.
  }
}

if (parentPort !== null) main(parentPort, workerData as ShipperStart)
