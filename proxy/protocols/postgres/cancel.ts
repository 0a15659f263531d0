import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#lib/domain/clock'
import { CONTROL_CHANNEL, type ControlSignal } from '#lib/domain/signals'
import type { Log } from '#proxy/core/log'
import type { SignalPort } from '#proxy/core/ports'
import { type BackendKey, int32 } from './handshake-messages'

/** Cancel requests need no sign-in: so many a second go to the other workers, the rest is dropped. */
const FORWARDED_A_SECOND = 50

interface Held {
  readonly proof: Buffer
  run(): Promise<void>
  running: boolean
}

/** A session's own key; `revoke` it when the session ends. */
export interface IssuedKey {
  readonly key: BackendKey
  revoke(): void
}

/**
 * The keys that this worker's clients cancel with. They are the gateway's own: a client never learns the target's. A request for a
 * key that is not here is told to the other workers, by its hash.
 */
export class CancelKeys {
  readonly #held = new Map<number, Held>()
  readonly #signals: SignalPort
  readonly #clock: Clock
  readonly #log: Log
  #second = 0
  #forwarded = 0

  constructor(signals: SignalPort, clock: Clock, log: Log) {
    this.#signals = signals
    this.#clock = clock
    this.#log = log
  }

  /** A new key. `run` cancels what the session is doing at the target; it is not called again while it runs. */
  issue(run: () => Promise<void>): IssuedKey {
    let processId = 0
    while (processId === 0 || this.#held.has(processId)) processId = randomBytes(4).readInt32BE(0) & 0x7fff_ffff
    const key: BackendKey = { processId, secret: randomBytes(4) }
    this.#held.set(processId, { proof: proofOf(key), run, running: false })
    return { key, revoke: () => void this.#held.delete(processId) }
  }

  /** A client's cancel request. Resolves when the target has it, or nobody wants it; never rejects. */
  async cancel(key: BackendKey): Promise<void> {
    const proof = proofOf(key)
    if (this.#held.has(key.processId)) await this.#run(key.processId, proof)
    else await this.#forward({ kind: 'cancel', processId: key.processId, proof: proof.toString('hex') })
  }

  /** Takes what other workers forward. Returns how to stop. */
  async listen(): Promise<() => void> {
    return await this.#signals.subscribe(CONTROL_CHANNEL, (payload) => {
      const signal = readCancel(payload)
      if (signal) void this.#run(signal.processId, Buffer.from(signal.proof, 'hex'))
    })
  }

  async #run(processId: number, proof: Buffer): Promise<void> {
    const held = this.#held.get(processId)
    if (!held || held.running || proof.length !== held.proof.length || !timingSafeEqual(proof, held.proof)) return
    held.running = true
    try {
      await held.run()
    } catch (error) {
      this.#log.warn({ error: String(error) }, 'a cancel request did not reach its target')
    } finally {
      held.running = false
    }
  }

  async #forward(signal: ControlSignal): Promise<void> {
    const second = Math.floor(this.#clock.monotonicMs() / 1_000)
    if (second !== this.#second) this.#forwarded = 0
    this.#second = second
    this.#forwarded += 1
    if (this.#forwarded > FORWARDED_A_SECOND) return
    try {
      await this.#signals.publish(CONTROL_CHANNEL, JSON.stringify(signal))
    } catch (error) {
      this.#log.warn({ error: String(error) }, 'a cancel request could not be told to the other workers')
    }
  }
}

function proofOf(key: BackendKey): Buffer {
  return createHash('sha256').update(int32(key.processId)).update(key.secret).digest()
}

function readCancel(payload: string): { processId: number; proof: string } | null {
  let signal: unknown
  try {
    signal = JSON.parse(payload)
  } catch {
    return null
  }
  if (typeof signal !== 'object' || signal === null || !('kind' in signal) || signal.kind !== 'cancel') return null
  const { processId, proof } = signal as { processId?: unknown; proof?: unknown }
  return typeof processId === 'number' && typeof proof === 'string' ? { processId, proof } : null
}
