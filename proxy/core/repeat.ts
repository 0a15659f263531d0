import type { Log } from './log'

/**
 * Does `task` again and again, `ms` after it was last done, until the returned function is called. One that fails is logged and done
 * again; one that hangs is not started a second time.
 */
export function repeat(ms: number, task: () => Promise<unknown> | undefined, log: Log): () => void {
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  const turn = async () => {
    try {
      await task()
    } catch (error) {
      log.error({ error }, 'a periodic task failed')
    }
    if (!stopped) plan()
  }
  const plan = () => {
    timer = setTimeout(() => void turn(), ms)
  }
  plan()
  return () => {
    stopped = true
    if (timer) clearTimeout(timer)
  }
}
