/**
 * Default limits; `SALLYPORT_LIMIT_…` sets others (`lib/config/limit-settings.ts`). Every one is enforced where the input is read and tested
 * at limit-1, limit and limit+1.
 */
export const LIMITS = {
  /** Before sign-in. */
  handshakeMs: 10_000,
  startupBytes: 10 * 1024,
  halfOpenPerAddress: 100,
  halfOpen: 1_024,
  authFailuresPerMinute: 10,
  /** PostgreSQL. */
  messageBytes: 64 * 1024 * 1024,
  statementBytes: 1024 * 1024,
  statementsPerMessage: 100,
  preparedStatements: 1_000,
  portals: 100,
  treeDepth: 200,
  treeNodes: 50_000,
  scramIterations: 100_000,
  /** Sessions. */
  idleMs: 30 * 60_000,
  sessionMs: 12 * 60 * 60_000,
  recordingBytes: 1024 * 1024 * 1024,
  /** Reviews. `reviewMs`: how long one may be approved, and from then on how long the approval may be used. */
  reviewMs: 15 * 60_000,
  pendingReviews: 5,
  approvableBytes: 64 * 1024,
  reasonBytes: 2 * 1024,
  grantMinutes: 8 * 60,
  /** Spool: how long and how much running sessions may record while the store is away. */
  spoolBytes: 256 * 1024 * 1024,
  spoolMs: 60_000,
} as const

export type Limits = { readonly [K in keyof typeof LIMITS]: number }
