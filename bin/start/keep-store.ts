import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from '#lib/db/embedded/cluster'

const BACKOFF = { firstMs: 500, mostMs: 15_000 } as const

/** A server that is started again whenever it ends by itself. */
export interface KeptCluster {
  stop(): Promise<void>
}

/** Watches `cluster` and calls `restart` for another when it is gone. Everybody who uses it connects again by themselves. */
export function keepCluster(
  cluster: Cluster,
  restart: () => Promise<Cluster>,
  say: (line: string) => void,
): KeptCluster {
  const state = { cluster, stopping: false }
  const watch = async () => {
    for (let backoffMs: number = BACKOFF.firstMs; ; backoffMs = Math.min(backoffMs * 2, BACKOFF.mostMs)) {
      await state.cluster.gone
      if (state.stopping) return
      say('PostgreSQL ended; starting it again')
      await wait(backoffMs)
      if (state.stopping) return
      try {
        state.cluster = await restart()
        backoffMs = BACKOFF.firstMs
      } catch (error) {
        say(error instanceof Error ? error.message : String(error))
      }
    }
  }
  const watching = watch()
  return {
    async stop() {
      state.stopping = true
      await state.cluster.stop()
      await watching
      await state.cluster.stop()
    },
  }
}
