import cluster from 'node:cluster'
import { join } from 'node:path'
import { readEnv } from '#lib/config/env'

/** Several proxy workers on the same listeners. A worker that dies is replaced; told to stop, they drain together. */
const BACKOFF = { firstMs: 250, mostMs: 15_000, calmMs: 60_000 } as const

const env = readEnv()
const state = { stopping: false, backoffMs: BACKOFF.firstMs as number }
cluster.setupPrimary({ exec: join(import.meta.dirname, 'proxy.js') })

for (let n = 0; n < env.SALLYPORT_WORKERS; n++) startOne()

function startOne(): void {
  const startedAt = performance.now()
  const worker = cluster.fork()
  worker.once('exit', (code, signal) => {
    if (state.stopping) return
    if (performance.now() - startedAt > BACKOFF.calmMs) state.backoffMs = BACKOFF.firstMs
    console.error(`a worker ended (${signal ?? `code ${code}`}); starting another`)
    setTimeout(() => {
      if (!state.stopping) startOne()
    }, state.backoffMs)
    state.backoffMs = Math.min(state.backoffMs * 2, BACKOFF.mostMs)
  })
}

/** The workers' own handlers drain, and do not wait when they are told twice; this process ends with the last of them. */
function stop(): void {
  state.stopping = true
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM')
  process.off('disconnect', stop)
  if (process.connected) process.disconnect()
}
process.on('SIGTERM', stop)
process.on('disconnect', stop)
