/** Ctrl-C, a service manager's stop, a closed terminal. The first asks, the second forces. */
export interface StopRequest {
  readonly asked: Promise<void>
  readonly signal: AbortSignal
  onForce(force: () => void): void
}

export function listenForStop(say: (line: string) => void): StopRequest {
  const asked = new AbortController()
  const forces: (() => void)[] = []
  const onSignal = () => {
    if (!asked.signal.aborted) {
      say('Stopping. Once more to stop at once.')
      asked.abort()
      return
    }
    for (const force of forces) force()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  return {
    asked: new Promise((resolve) => asked.signal.addEventListener('abort', () => resolve())),
    signal: asked.signal,
    onForce: (force) => forces.push(force),
  }
}
