import { CONTROL_CHANNEL, type ControlSignal } from '#lib/domain/signals'
import type { Log } from '#proxy/core/log'
import type { SignalPort } from '#proxy/core/ports'
import type { StartTimer } from '#proxy/core/timer'

/** About one place the other workers are told at once, and then no more often than this. */
const PAUSE_MS = 250

export interface NamesNewsParts {
  readonly signals: SignalPort
  readonly startTimer: StartTimer
  readonly log: Log
  /** Tells this worker's own signals from others'. */
  readonly self: string
}

/** Tells the other workers where names may mean something else by now, and hears it from them. Nothing rests on a signal alone. */
export class NamesNews {
  readonly #parts: NamesNewsParts
  /** Places that were told about a moment ago, and whether they are to be again. */
  readonly #told = new Map<string, 'once' | 'again'>()

  constructor(parts: NamesNewsParts) {
    this.#parts = parts
  }

  tell(place: string): void {
    if (this.#told.has(place)) {
      this.#told.set(place, 'again')
      return
    }
    this.#told.set(place, 'once')
    this.#publish(place)
    this.#parts.startTimer(PAUSE_MS, () => {
      const again = this.#told.get(place) === 'again'
      this.#told.delete(place)
      if (again) this.tell(place)
    })
  }

  /** Returns how to stop. */
  listen(changed: (place: string) => void): Promise<() => void> {
    return this.#parts.signals.subscribe(CONTROL_CHANNEL, (payload) => {
      const place = this.#placeIn(payload)
      if (place !== null) changed(place)
    })
  }

  #publish(place: string): void {
    const { signals, self, log } = this.#parts
    const signal: ControlSignal = { kind: 'names-changed', place, worker: self }
    signals.publish(CONTROL_CHANNEL, JSON.stringify(signal)).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'a change of names could not be told to the other workers')
    })
  }

  #placeIn(payload: string): string | null {
    let signal: unknown
    try {
      signal = JSON.parse(payload)
    } catch {
      return null
    }
    if (typeof signal !== 'object' || signal === null) return null
    const { kind, place, worker } = signal as { kind?: unknown; place?: unknown; worker?: unknown }
    return kind === 'names-changed' && worker !== this.#parts.self && typeof place === 'string' ? place : null
  }
}
