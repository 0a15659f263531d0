import type { OwnOutcome } from './own-exchange'
import type { Outbox } from './session-outbox'
import { askOwn } from './session-own'
import type { SessionState } from './session-state'
import type { Step } from './session-step'

/** SHOW takes no snapshot: asking changes nothing in a transaction that has none yet. */
const STATE_QUESTIONS = ['SHOW search_path', 'SHOW role'] as const
/** Which text the target has under which name. Takes a snapshot: asked only after code ran, which took one. */
const NAMES_QUESTION = 'SELECT p.name, p.statement FROM pg_catalog.pg_prepared_statements AS p'

/**
 * Asks the target what its session means by names, at the first moment when that disturbs nothing: `held` until then. Where there is no
 * such moment, in a segment that has begun or a failed transaction, it stays unknown.
 */
export function learn(state: SessionState, outbox: Outbox): Step {
  if (state.transaction === 'E' || state.begun === state.segment) return 'done'
  const { head } = state.queue
  if (head !== undefined) return head.own === null ? 'held' : 'asked'
  const doubtful = state.names.doubtful(state.knowledge.codeRuns)
  const questions = doubtful ? [...STATE_QUESTIONS, NAMES_QUESTION] : STATE_QUESTIONS
  const asked = askOwn(state, outbox, questions, (outcome) => answered(state, outcome))
  if (asked === 'asked') return 'asked'
  state.knowledge.learned(null)
  return 'done'
}

function answered(state: SessionState, { answers, failure }: OwnOutcome): void {
  if (failure !== null) {
    state.knowledge.learned(null)
    // Its client must be told: its transaction failed, or the cancel request that it sent met this.
    if (state.transaction === 'E' || failure.code === '57014') state.ownFailure = failure
    return
  }
  const [path, role, prepared] = answers
  const searchPath = path?.[0]?.[0]
  const roleName = role?.[0]?.[0]
  const known = typeof searchPath === 'string' && typeof roleName === 'string'
  state.knowledge.learned(known ? { searchPath, role: roleName } : null)
  if (prepared !== undefined) state.names.compare(prepared, state.knowledge.codeRuns)
}
