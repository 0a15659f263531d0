import type { Sql } from '../../db/client'
import { LIVE_CHANNEL } from '../../domain/signals'

/** One LISTEN connection, fanned out to everybody in this process who watches. */
export interface LiveHub {
  /** Calls `onChange` when `topic` changed, and when signals may have been missed. Returns how to stop. */
  watch(topic: string, onChange: () => void): () => void
}

/** Listening starts with the first watcher. After a lost connection everybody is told to read again. */
export function openLiveHub(sql: Sql): LiveHub {
  const watchers = new Map<string, Set<() => void>>()
  let listening = false
  let connectedBefore = false

  const tell = (topic: string) => {
    for (const onChange of watchers.get(topic) ?? []) onChange()
  }
  const listen = () => {
    if (listening) return
    listening = true
    const connected = () => {
      if (connectedBefore) for (const topic of watchers.keys()) tell(topic)
      connectedBefore = true
    }
    sql.listen(LIVE_CHANNEL, tell, connected).catch(() => {
      listening = false
    })
  }

  return {
    watch(topic, onChange) {
      listen()
      const set = watchers.get(topic) ?? new Set()
      watchers.set(topic, set)
      set.add(onChange)
      return () => {
        set.delete(onChange)
        if (set.size === 0 && watchers.get(topic) === set) watchers.delete(topic)
      }
    },
  }
}
