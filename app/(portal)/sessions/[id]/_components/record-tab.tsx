'use client'
import type { StatementDetail } from '#lib/services/sessions/read-statement'
import { Snippet } from '#ui/code'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { Skeleton } from '#ui/skeleton'
import { bytes, grouped } from '../../../../_components/numbers'

/** One event of the record, as it is hashed. `hash` is the chain's after it, in hex. */
export interface RecordedEvent {
  readonly seq: number
  readonly kind: string
  readonly line: string
  readonly hash: string
}

interface RecordTabProps {
  statement: StatementDetail
  /** Undefined while they are read. */
  events: readonly RecordedEvent[] | undefined
}

/** The record itself: the intent that was durable before the statement was sent, the outcome after, and their place in the chain. */
export function RecordTab({ statement, events }: RecordTabProps) {
  return (
    <div className="grid gap-4 px-5 py-4 max-phone:px-4">
      <DefinitionList
        items={[
          ['Intent', `event ${grouped(statement.intentSeq)}, durable before a byte was sent`],
          ['Outcome', statement.outcomeSeq === null ? 'not recorded yet' : `event ${grouped(statement.outcomeSeq)}`],
          statement.outcomeSeq === null ? null : ['Recorded result', bytes(statement.outBytes)],
          statement.outSha256 === null
            ? null
            : ['Its SHA-256', <CopyId key="sha" id={statement.outSha256} className="max-w-full" />],
        ]}
      />
      {events === undefined ? (
        <div className="skeletons grid gap-2" role="status">
          <span className="sr-only">Loading</span>
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </div>
      ) : (
        events.map((event) => <Event key={event.seq} event={event} />)
      )}
    </div>
  )
}

function Event({ event }: { event: RecordedEvent }) {
  return (
    <section>
      <h3 className="mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <span className="font-strong">Event {grouped(event.seq)}</span>
        <span className="mono text-fg-2">{event.kind}</span>
        <span className="ml-auto flex min-w-0 items-center gap-1.5 text-fg-3">
          chain after it
          <CopyId id={event.hash} className="max-w-48" />
        </span>
      </h3>
      <Snippet text={event.line} label={`Copy event ${event.seq}`} />
    </section>
  )
}
