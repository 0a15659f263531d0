import type { Limits } from './limits'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB

/**
 * What each limit may be set to, least and most. The least is what ordinary work needs; the most is what the code that it bounds was
 * made for (memory of one session, depth of recursion, timers), so that no setting turns a limit off.
 */
export const LIMIT_RANGES: { readonly [K in keyof Limits]: readonly [least: number, most: number] } = {
  handshakeMs: [SECOND, 10 * MINUTE],
  startupBytes: [512, MIB],
  halfOpenPerAddress: [1, 100_000],
  halfOpen: [1, 100_000],
  authFailuresPerMinute: [1, 10_000],
  messageBytes: [64 * KIB, 256 * MIB],
  statementBytes: [KIB, 16 * MIB],
  statementsPerMessage: [1, 10_000],
  preparedStatements: [1, 100_000],
  portals: [1, 100_000],
  treeDepth: [20, 500],
  treeNodes: [1_000, 1_000_000],
  scramIterations: [4_096, 10_000_000],
  idleMs: [10 * SECOND, 7 * DAY],
  sessionMs: [MINUTE, 7 * DAY],
  recordingBytes: [MIB, 1024 * GIB],
  reviewMs: [10 * SECOND, DAY],
  pendingReviews: [1, 1_000],
  approvableBytes: [KIB, MIB],
  reasonBytes: [64, 16 * KIB],
  grantMinutes: [1, 7 * 24 * 60],
  spoolBytes: [16 * MIB, 1024 * GIB],
  spoolMs: [SECOND, 60 * MINUTE],
}
