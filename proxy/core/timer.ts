/** Calls back once after `ms`, unless the returned function was called before. Injected, so that no test waits. */
export type StartTimer = (ms: number, expire: () => void) => () => void

export const systemTimer: StartTimer = (ms, expire) => {
  const timer = setTimeout(expire, ms)
  return () => clearTimeout(timer)
}
