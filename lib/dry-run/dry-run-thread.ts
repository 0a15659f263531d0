import { parentPort, workerData } from 'node:worker_threads'
import { openStore } from '../db/client'
import { judgeRecorded } from '../services/policies/dry-run/judge-recorded'
import type { DryRunAnswer, DryRunStart } from './dry-run-messages'

/** A thread that does one dry run and ends. */
async function main({ storeUrl, request }: DryRunStart): Promise<void> {
  const store = openStore(storeUrl, { max: 2, applicationName: 'sallyport dry run' })
  try {
    const answer = (message: DryRunAnswer) => parentPort?.postMessage(message)
    const onJudged = (judged: number) => answer({ judged })
    answer({ result: await judgeRecorded(store.db, request, () => performance.now(), { onJudged }) })
  } finally {
    await store.close()
  }
}

void main(workerData as DryRunStart)
