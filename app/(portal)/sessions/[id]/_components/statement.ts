import type { StatementStatus } from './verdict'

/** One statement as the table shows it. `at` is ISO 8601. */
export interface Statement {
  readonly op: number
  readonly at: string
  /** The beginning of the exact text, on one line. */
  readonly text: string
  /** The gateway asked it, to know what the client's statements mean. */
  readonly own: boolean
  readonly status: StatementStatus
  readonly rows: number | null
  readonly durationUs: number | null
}

/** Statements in order, from one place in the session to another without gaps between those that match. */
export interface StatementWindow {
  readonly statements: readonly Statement[]
  /** Where reading on starts in each direction; null: there are no more (so far). */
  readonly before: number | null
  readonly after: number | null
}

/** `window` with `later` behind it: statements known already (a running one that has ended) take their new state. */
export function extendAfter(window: StatementWindow, later: StatementWindow): StatementWindow {
  const latest = new Map(later.statements.map((statement) => [statement.op, statement]))
  const lastOp = window.statements.at(-1)?.op ?? 0
  return {
    statements: [
      ...window.statements.map((statement) => latest.get(statement.op) ?? statement),
      ...later.statements.filter((statement) => statement.op > lastOp),
    ],
    before: window.before,
    after: later.after,
  }
}

/** `window` with `earlier` in front of it. */
export function extendBefore(window: StatementWindow, earlier: StatementWindow): StatementWindow {
  const firstOp = window.statements[0]?.op ?? Number.POSITIVE_INFINITY
  return {
    statements: [...earlier.statements.filter((statement) => statement.op < firstOp), ...window.statements],
    before: earlier.before,
    after: window.after,
  }
}

/** Where reading on starts so that everything still running, and everything new, is read: the operation before it. */
export function resumeAfter(window: StatementWindow): number {
  const running = window.statements.find((statement) => statement.status === 'running' || statement.status === 'held')
  return running ? running.op - 1 : (window.statements.at(-1)?.op ?? 0)
}

/** The statement that is open while nobody chose one: the client's first. */
export function openedAtFirst({ statements }: StatementWindow): number | null {
  return (statements.find(({ own }) => !own) ?? statements[0])?.op ?? null
}
