import { Worker } from 'node:worker_threads'
import { SallyportError } from '#lib/domain/errors'
import type { WorkerId } from '#lib/domain/ids'
import type { Shipper, ShipperReports } from '#proxy/core/recorder-ports'
import type { FromShipper, ShipperStart, ToShipper } from './shipper-messages'

type LogLine = (level: 'info' | 'warn' | 'error', message: string, cause?: unknown) => void

/**
 * Starts the thread that ships this worker's spool. It stands beside this module: as source under a TypeScript loader, as
 * JavaScript once bundled.
 */
export function startShipper(start: ShipperStart, log: LogLine): Shipper {
  const thread = startThread(start)
  const calls = new Map<number, { resolve(ended: number): void; reject(error: Error): void }>()
  let lastCall = 0
  let stopping = false
  const send = (message: ToShipper) => thread.postMessage(message)

  // A recorder without its shipper would fill the disk and keep sessions that nobody can see: better to start anew.
  thread.on('error', (error) => {
    throw error
  })
  thread.on('exit', () => {
    for (const call of calls.values()) call.reject(new SallyportError('unavailable', 'The shipper has stopped.'))
    calls.clear()
    if (!stopping) throw new Error('the shipping thread ended by itself')
  })

  return {
    start(reports) {
      thread.on('message', (message: FromShipper) => receive(message, reports, calls, log))
    },
    ship: (end) => send({ kind: 'ship', end }),
    recover: (worker: WorkerId) =>
      new Promise((resolve, reject) => {
        const call = ++lastCall
        calls.set(call, { resolve, reject })
        send({ kind: 'recover', call, worker })
      }),
    async stop() {
      stopping = true
      const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
      send({ kind: 'stop' })
      await gone
    },
  }
}

const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4 }

/** Threads do not inherit a TypeScript loader: run from source, this one registers its own. */
function startThread(workerData: ShipperStart): Worker {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  const entry = new URL(`./shipper-thread${extension}`, import.meta.url)
  if (extension !== '.ts') return new Worker(entry, { workerData, resourceLimits: THREAD_LIMITS })
  const loader = import.meta.resolve('tsx/esm/api')
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}) })`
  return new Worker(code, { eval: true, workerData, resourceLimits: THREAD_LIMITS })
}

function receive(
  message: FromShipper,
  reports: ShipperReports,
  calls: Map<number, { resolve(ended: number): void; reject(error: Error): void }>,
  log: LogLine,
): void {
  switch (message.kind) {
    case 'shipped':
      reports.shipped(message)
      break
    case 'store':
      reports.store(message.up)
      break
    case 'conflict':
      reports.conflict(message.session)
      break
    case 'log':
      log(message.level, message.message, message.cause)
      break
    case 'fatal':
      throw new Error(message.message)
    case 'recovered':
      calls.get(message.call)?.resolve(message.ended)
      calls.delete(message.call)
      break
    case 'failed':
      calls.get(message.call)?.reject(new SallyportError('internal', message.message))
      calls.delete(message.call)
      break
  }
}
