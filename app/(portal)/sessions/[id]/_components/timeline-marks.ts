import type { SessionView } from './session'
import type { StatementWindow } from './statement'
import type { Mark } from './timeline'
import { verdictKind } from './verdict'

/** What the server says about the whole session: one mark a stretch of statements. */
export type TimelineMarks = readonly (Mark & { readonly lastOp: number })[]

interface Drawn {
  readonly marks: readonly Mark[]
  readonly from: number
  readonly to: number
}

/** The server's marks, with those in the table drawn exactly. `now` is where a live session ends. */
export function marksOf(overview: TimelineMarks, window: StatementWindow, session: SessionView, now: number): Drawn {
  const exact = window.statements.map((statement): Mark => {
    const at = Date.parse(statement.at)
    const kind = verdictKind(statement.status)
    return {
      op: statement.op,
      at,
      until:
        statement.status === 'running' || statement.status === 'held' ? now : at + (statement.durationUs ?? 0) / 1_000,
      kind: kind === 'masked' || kind === 'verified' ? 'plain' : kind,
    }
  })
  const first = window.statements[0]?.op ?? Number.POSITIVE_INFINITY
  const last = window.statements.at(-1)?.op ?? 0
  const marks = [...overview.filter(({ op, lastOp }) => lastOp < first || op > last), ...thin(exact)]
  const from = Date.parse(session.startedAt)
  const end = session.endedAt === null ? now : Date.parse(session.endedAt)
  return { marks, from, to: Math.max(end, from + 1_000, ...marks.map(({ until }) => until)) }
}

const DRAWN = 1_500

/** Keeps every mark that matters and enough of the others. */
function thin(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length <= DRAWN) return marks
  const every = Math.ceil(marks.length / DRAWN)
  return marks.filter((mark, index) => mark.kind !== 'allowed' || index % every === 0)
}
