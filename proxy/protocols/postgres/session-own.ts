import type { Operation } from '#proxy/core/ports'
import { bindMessage, closeMessage, executeMessage, parseMessage } from './codec/ask'
import { syncMessage } from './codec/encode'
import { STATE } from './codec/states'
import type { OwnExchange, OwnOutcome } from './own-exchange'
import { RESERVED_NAMES } from './reserved-names'
import type { Outbox } from './session-outbox'
import type { SessionState } from './session-state'

/**
 * Asks the target, in the client's session, what the gateway must know to judge. Only between segments of the client, when nothing of
 * it is in flight; under names of its own through the extended protocol, so that the client's unnamed statement and portal stay.
 */
export function askOwn(
  state: SessionState,
  outbox: Outbox,
  questions: readonly string[],
  done: (outcome: OwnOutcome) => void,
): 'asked' | 'refused' {
  const exchange: OwnExchange = { answers: [], at: 0, size: 0, failure: null, done }
  for (const question of questions) {
    const name = `${RESERVED_NAMES}${state.newOwnName()}`
    const permit = state.gate.own(ownOperation(question, name))
    // What was queued before stays behind a Sync, too.
    if (permit === null) return exchange.answers.length === 0 ? 'refused' : finish(state, outbox, exchange)
    exchange.answers.push([])
    const push = (at: typeof STATE.parse | typeof STATE.bind | typeof STATE.close, bytes: Buffer) => {
      state.queue.push({ state: at, segment: state.segment, own: exchange })
      outbox.add(bytes, 0, bytes.length)
    }
    outbox.permit(permit)
    push(STATE.parse, parseMessage(name, question))
    push(STATE.bind, bindMessage(name, name))
    state.queue.push({ state: STATE.execute, segment: state.segment, own: exchange }, permit)
    const execute = executeMessage(name)
    outbox.add(execute, 0, execute.length)
    push(STATE.close, closeMessage('P', name))
    push(STATE.close, closeMessage('S', name))
  }
  return finish(state, outbox, exchange)
}

function finish(state: SessionState, outbox: Outbox, exchange: OwnExchange): 'asked' {
  const sync = syncMessage()
  outbox.add(sync, 0, sync.length)
  state.queue.push({ state: STATE.sync, segment: state.segment, own: exchange })
  state.segment++
  return 'asked'
}

function ownOperation(text: string, name: string): Operation {
  return { type: 'execute', text, statement: name, portal: name, effect: 'read', facts: null, state: null }
}
