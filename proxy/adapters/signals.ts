import type { Sql } from '#lib/db/client'
import type { Log } from '../core/log'
import type { SignalPort } from '../core/ports'

interface Channel {
  readonly listeners: Set<(payload: string) => void>
  readonly ready: Promise<unknown>
}

/**
 * NOTIFY and LISTEN of the store. One LISTEN a channel, fanned out here; it comes back by itself when the store does, and
 * `onConnected` is called each time, since whatever was sent in between is lost.
 */
export class StoreSignals implements SignalPort {
  readonly #channels = new Map<string, Channel>()
  readonly #sql: Sql
  readonly #log: Log
  readonly #onConnected: () => void

  constructor(sql: Sql, log: Log, onConnected: () => void) {
    this.#sql = sql
    this.#log = log
    this.#onConnected = onConnected
  }

  async publish(channel: string, payload: string): Promise<void> {
    await this.#sql.notify(channel, payload)
  }

  async subscribe(channel: string, listener: (payload: string) => void): Promise<() => void> {
    const known = this.#channels.get(channel) ?? this.#open(channel)
    known.listeners.add(listener)
    await known.ready
    return () => void known.listeners.delete(listener)
  }

  #open(channel: string): Channel {
    const listeners = new Set<(payload: string) => void>()
    const hear = (payload: string) => {
      for (const listener of listeners) this.#tell(listener, payload)
    }
    const ready = this.#sql.listen(channel, hear, this.#onConnected)
    const opened = { listeners, ready }
    this.#channels.set(channel, opened)
    return opened
  }

  #tell(listener: (payload: string) => void, payload: string): void {
    try {
      listener(payload)
    } catch (error) {
      this.#log.error({ error }, 'a signal could not be handled')
    }
  }
}
