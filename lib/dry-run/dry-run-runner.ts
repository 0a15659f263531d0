import { Worker } from 'node:worker_threads'
import { SallyportError } from '../domain/errors'
import type { DryRunner } from '../services/context'
import type { DryRunResult, DryRunWatch } from '../services/policies/dry-run/dry-run-items'
import type { DryRunAnswer, DryRunStart } from './dry-run-messages'

/** A dry run gives up by itself before; this is for one that hangs. */
const MOST_MS = 90_000
const THREAD_LIMITS = { maxOldGenerationSizeMb: 1024 }

/** Runs dry runs in a thread, one at a time: each takes a processor for as long as it lasts. `entry` is the built thread. */
export function dryRunner(storeUrl: string, entry: string): DryRunner {
  let running = false
  return {
    async run(request, watch = {}) {
      if (running) throw new SallyportError('too_many', 'Another dry run is under way. Try again when it is done.')
      running = true
      try {
        return await runThread(entry, { storeUrl, request }, watch)
      } finally {
        running = false
      }
    },
  }
}

function runThread(entry: string, workerData: DryRunStart, { signal, onJudged }: DryRunWatch): Promise<DryRunResult> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(entry, { workerData, resourceLimits: THREAD_LIMITS })
    const failed = (cause: unknown) => {
      reject(new SallyportError('unavailable', 'The dry run could not be finished.', { cause }))
      void thread.terminate()
    }
    const cancel = () => failed(new Error('nobody waits for it any more'))
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    const timer = setTimeout(failed, MOST_MS, new Error('it took too long'))
    thread.on('message', (answer: DryRunAnswer) => {
      if ('result' in answer) resolve(answer.result)
      else onJudged?.(answer.judged)
    })
    thread.on('error', failed)
    thread.on('exit', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      failed(new Error('the thread ended'))
    })
  })
}
