import type { Permit } from '#proxy/core/ports'
import { failingMessage, syncMessage } from './codec/encode'
import { STATE } from './codec/states'
import type { Outbox } from './session-outbox'
import type { SessionState } from './session-state'

/** Refuses commands so that client and target stay in the same state: the target is made to fail in their place. */
export class Refusals {
  constructor(
    private readonly state: SessionState,
    private readonly outbox: Outbox,
  ) {}

  /** A message of the extended protocol: everything up to Sync is dropped, here and there. */
  extended(answer: Buffer): 'done' {
    const { state } = this
    if (state.skipping) return 'done'
    this.#fail(answer, null)
    state.skipping = true
    return 'done'
  }

  /** A Query or FunctionCall, which a ReadyForQuery follows. */
  query(answer: Buffer, permit: Permit | null = null): 'done' {
    const { state } = this
    if (state.skipping) {
      // The target failed at something before while this was decided: the client waits for a Sync of its own.
      if (permit) state.gate.settle(permit, { status: 'refused', rows: 0, statements: [] })
      return 'done'
    }
    this.#fail(answer, permit)
    const sync = syncMessage()
    this.outbox.add(sync, 0, sync.length)
    state.queue.push({ state: STATE.sync, segment: state.segment })
    state.segment++
    return 'done'
  }

  #fail(answer: Buffer, permit: Permit | null): void {
    const failing = failingMessage()
    this.outbox.add(failing, 0, failing.length)
    this.state.queue.push({ state: STATE.refusal, segment: this.state.segment, answer }, permit)
  }
}
