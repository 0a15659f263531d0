import { B } from './backend'

/**
 * What a target may answer, as a table: (state of the exchange that is answered next, message type) → next state. A pair that is
 * not in the table is refused. Notices, notifications and parameter changes are legal in every state and not listed; what an
 * error skips is the queue's business. Source: protocol 3, "Message Flow".
 */
export const STATE = {
  /** Not a state: the pair is refused. */
  refused: 0,
  /** The exchange is over. */
  done: 1,
  /** Nothing is asked. */
  idle: 2,

  query: 3,
  queryMore: 4,
  queryRows: 5,
  queryCopyIn: 6,
  queryCopyInEnded: 7,
  queryCopyOut: 8,
  queryCopyOutEnded: 9,
  queryOver: 10,

  parse: 11,
  bind: 12,
  close: 13,
  describeStatement: 14,
  describeColumns: 15,

  execute: 16,
  executeRows: 17,
  executeCopyIn: 18,
  executeCopyInEnded: 19,
  executeCopyOut: 20,
  executeCopyOutEnded: 21,

  sync: 22,
  syncFailed: 23,
  /** The gateway's own failing message: the error that answers it is replaced by the refusal. */
  refusal: 24,
} as const
export type State = (typeof STATE)[keyof typeof STATE]
export type StateName = keyof typeof STATE

type Row = Partial<Record<keyof typeof B, StateName>>

const statement = {
  rowDescription: 'queryRows',
  commandComplete: 'queryMore',
  copyIn: 'queryCopyIn',
  copyOut: 'queryCopyOut',
  error: 'queryOver',
} as const satisfies Row

export const TABLE: Readonly<Record<Exclude<StateName, 'refused' | 'done'>, Row>> = {
  // An error that answers nothing is legal only as the last word of a connection.
  idle: { error: 'idle' },

  query: { ...statement, emptyQuery: 'queryOver' },
  queryMore: { ...statement, readyForQuery: 'done' },
  queryRows: { dataRow: 'queryRows', commandComplete: 'queryMore', error: 'queryOver' },
  queryCopyIn: { error: 'queryOver' },
  queryCopyInEnded: { commandComplete: 'queryMore', error: 'queryOver' },
  queryCopyOut: { copyData: 'queryCopyOut', copyDone: 'queryCopyOutEnded', error: 'queryOver' },
  queryCopyOutEnded: { commandComplete: 'queryMore', error: 'queryOver' },
  queryOver: { readyForQuery: 'done', error: 'queryOver' },

  parse: { parseComplete: 'done', error: 'done' },
  bind: { bindComplete: 'done', error: 'done' },
  close: { closeComplete: 'done', error: 'done' },
  describeStatement: { parameterDescription: 'describeColumns', error: 'done' },
  describeColumns: { rowDescription: 'done', noData: 'done', error: 'done' },

  execute: {
    dataRow: 'executeRows',
    commandComplete: 'done',
    portalSuspended: 'done',
    emptyQuery: 'done',
    copyIn: 'executeCopyIn',
    copyOut: 'executeCopyOut',
    error: 'done',
  },
  executeRows: { dataRow: 'executeRows', commandComplete: 'done', portalSuspended: 'done', error: 'done' },
  executeCopyIn: { error: 'done' },
  executeCopyInEnded: { commandComplete: 'done', error: 'done' },
  executeCopyOut: { copyData: 'executeCopyOut', copyDone: 'executeCopyOutEnded', error: 'done' },
  executeCopyOutEnded: { commandComplete: 'done', error: 'done' },

  sync: { readyForQuery: 'done', error: 'syncFailed' },
  syncFailed: { readyForQuery: 'done' },
  refusal: { error: 'done' },
}

/** The table as bytes: one look-up a message. */
const NEXT: Uint8Array = (() => {
  const next = new Uint8Array(32 * 256)
  for (const [state, row] of Object.entries(TABLE)) {
    for (const [message, to] of Object.entries(row)) {
      next[STATE[state as StateName] * 256 + B[message as keyof typeof B]] = STATE[to as StateName]
    }
  }
  return next
})()

/** The state after a message of `type` (a byte) in `state`; `STATE.refused` when it is out of turn. */
export function nextState(state: State, type: number): State {
  return NEXT[state * 256 + type] as State
}
