import { Worker } from 'node:worker_threads'
import { SallyportError } from '../domain/errors'
import type { DryRunner } from '../services/context'
import type { DryRunResult } from '../services/policies/dry-run/dry-run-items'
import type { DryRunAnswer, DryRunStart } from './dry-run-messages'

/** A dry run gives up by itself before; this is for one that hangs. */
const MOST_MS = 90_000
const THREAD_LIMITS = { maxOldGenerationSizeMb: 1024 }

/** Runs dry runs in a thread, one at a time: each takes a processor for as long as it lasts. `entry` is the built thread. */
export function dryRunner(storeUrl: string, entry: string): DryRunner {
  let running = false
  return {
    async run(request) {
      if (running) throw new SallyportError('too_many', 'Another dry run is under way. Try again when it is done.')
      running = true
      try {
        return await runThread(entry, { storeUrl, request })
      } finally {
        running = false
      }
    },
  }
}

function runThread(entry: string, workerData: DryRunStart): Promise<DryRunResult> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(entry, { workerData, resourceLimits: THREAD_LIMITS })
    const failed = (cause: unknown) => {
      reject(new SallyportError('unavailable', 'The dry run could not be finished.', { cause }))
      void thread.terminate()
    }
    const timer = setTimeout(failed, MOST_MS, new Error('it took too long'))
    thread.on('message', ({ result }: DryRunAnswer) => resolve(result))
    thread.on('error', failed)
    thread.on('exit', () => {
      clearTimeout(timer)
      failed(new Error('the thread ended'))
    })
  })
}
