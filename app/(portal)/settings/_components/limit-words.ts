import type { Limits } from '#lib/domain/limits'
import { bytes, grouped } from '../../../_components/numbers'
import { age } from '../../../_components/time'

const WORDS: Readonly<Record<keyof Limits, readonly [string, string]>> = {
  handshakeMs: ['Before sign-in', 'Time to sign in'],
  startupBytes: ['Before sign-in', 'First message'],
  halfOpenPerAddress: ['Before sign-in', 'Half-open connections of one address'],
  halfOpen: ['Before sign-in', 'Half-open connections in all'],
  authFailuresPerMinute: ['Before sign-in', 'Refused tokens a minute'],
  messageBytes: ['Statements', 'One message'],
  statementBytes: ['Statements', 'One statement'],
  statementsPerMessage: ['Statements', 'Statements in a message'],
  preparedStatements: ['Statements', 'Prepared statements of a session'],
  portals: ['Statements', 'Open portals of a session'],
  treeDepth: ['Statements', 'Depth of a parse tree'],
  treeNodes: ['Statements', 'Nodes of a parse tree'],
  scramIterations: ['Statements', 'SCRAM iterations a target may ask for'],
  idleMs: ['Sessions', 'Idle time'],
  sessionMs: ['Sessions', 'Whole length'],
  recordingBytes: ['Sessions', 'One recording'],
  reviewMs: ['Approvals', 'Time to approve, and from then on to use the approval'],
  pendingReviews: ['Approvals', 'Waiting commands of one principal'],
  approvableBytes: ['Approvals', 'Command that can be approved'],
  reasonBytes: ['Approvals', 'Reason'],
  grantMinutes: ['Approvals', 'Longest grant, in minutes'],
  spoolBytes: ['While the store is away', 'Records kept on the gateway’s disk'],
  spoolMs: ['While the store is away', 'Time sessions may go on'],
}

export interface LimitLine {
  readonly group: string
  readonly label: string
  readonly value: string
}

/** Every limit with its unit, in the order in which a session meets them. */
export function limitLines(limits: Limits): readonly LimitLine[] {
  return (Object.keys(WORDS) as (keyof Limits)[]).map((name) => {
    const [group, label] = WORDS[name]
    const value = limits[name]
    return {
      group,
      label,
      value: name.endsWith('Bytes')
        ? bytes(value)
        : name.endsWith('Ms')
          ? age(value).replace(/ 0 min$/, '')
          : grouped(value),
    }
  })
}
