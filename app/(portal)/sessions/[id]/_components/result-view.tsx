'use client'
import type { ReplayNotice, ReplaySet } from '#lib/domain/replay/postgres-result'
import type { StatementResult } from '#lib/services/sessions/read-result'
import type { StatementDetail } from '#lib/services/sessions/read-statement'
import { Callout } from '#ui/callout'
import { Exact } from '#ui/code'
import { Icon } from '#ui/icon'
import { stateClass } from '#ui/state'
import { counted } from '../../../../_components/numbers'
import { readRows } from '../actions'
import { ResultGrid } from './result-grid'
import { type StatementStatus, verdictMeans } from './verdict'

interface ResultViewProps {
  session: string
  statement: StatementDetail
  status: StatementStatus
  result: StatementResult
}

/** Everything that came back: notices, result sets, copied data, errors. Nothing in it is more than text. */
export function ResultView({ session, statement, status, result }: ResultViewProps) {
  const { sets, notices, errors, notifications, damaged } = result
  const several = sets.length > 1
  const nothing = sets.length + notices.length + errors.length + notifications.length === 0
  return (
    <div className="pb-6">
      {damaged ? (
        <Callout kind="held" title="The recorded bytes end in the middle." className="mx-5 mt-3 max-phone:mx-4">
          What is shown is what can be read of them; the export has all of them.
        </Callout>
      ) : null}
      {result.recordingCut ? (
        <Callout
          kind="held"
          title="The recording limit of this session was reached."
          className="mx-5 mt-3 max-phone:mx-4"
        >
          What the client saw from there on is counted and hashed, but not kept.
        </Callout>
      ) : null}
      {nothing && !damaged ? <NoResult status={status} /> : null}
      {notices.map((notice, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded list does not change
        <Message key={index} notice={notice} />
      ))}
      {sets.map((set, index) => (
        <SetView
          // biome-ignore lint/suspicious/noArrayIndexKey: a recorded list does not change
          key={index}
          set={result.complete ? set : withOutcome(set, statement, index)}
          index={index}
          title={several ? `Result ${index + 1} of ${sets.length}` : null}
          session={session}
          op={statement.op}
        />
      ))}
      {errors.map((error, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded list does not change
        <Message key={index} notice={error} failed />
      ))}
      {notifications.map(({ channel, payload }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded list does not change
        <Line key={index} icon="info" kind="plain" text={`NOTIFY ${channel} ${payload}`} />
      ))}
    </div>
  )
}

/** Of a long result only the beginning was read; how many rows it had is in the outcome. */
function withOutcome(set: ReplaySet, statement: StatementDetail, index: number): ReplaySet {
  const rows = statement.outcomes[index]?.rows ?? 0
  return rows > set.rowCount ? { ...set, rowCount: rows, complete: true } : set
}

interface SetViewProps {
  set: ReplaySet
  index: number
  title: string | null
  session: string
  op: number
}

function SetView({ set, index, title, session, op }: SetViewProps) {
  if (set.kind === 'empty') return <Line icon="info" kind="plain" text="Empty statement: nothing to do" />
  if (set.kind === 'command' || set.kind === 'copy-in')
    return <Line icon="check" kind="allowed" text={set.tag ?? 'no answer'} />
  const source = async (offset: number) => {
    const answer = await readRows(session, op, index, offset)
    if (!answer.ok) throw new Error(answer.message)
    return answer.value
  }
  return (
    <>
      {title ? (
        <h3 className="flex items-baseline gap-2 px-5 pt-3 pb-2 text-sm font-strong max-phone:px-4">
          {title}
          <span className="font-normal text-fg-3">{counted(set.rowCount, 'row')}</span>
        </h3>
      ) : null}
      <ResultGrid set={set} source={source} label={title ?? 'Result'} />
      <SetFoot set={set} />
    </>
  )
}

/** How the set ended, where that is more than its rows. */
function SetFoot({ set }: { set: ReplaySet }) {
  const words =
    set.kind === 'described'
      ? 'Only described: the columns it would have.'
      : set.suspended
        ? 'The client took these rows and left the rest; more may come with a later statement.'
        : !set.complete
          ? 'It did not come to its end.'
          : set.rowCount === 0
            ? 'No rows.'
            : null
  return words === null ? null : <p className="px-5 py-2 text-sm text-fg-3 max-phone:px-4">{words}</p>
}

function Line({ icon, kind, text }: { icon: 'check' | 'info'; kind: 'allowed' | 'plain'; text: string }) {
  return (
    <p className="mono flex min-h-8 items-center gap-2 border-b px-5 max-phone:px-4">
      <Icon name={icon} size="sm" className={`${stateClass(kind)} text-state`} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <Exact text={text} />
      </span>
    </p>
  )
}

function Message({ notice, failed }: { notice: ReplayNotice; failed?: true }) {
  return (
    <div className={`${stateClass(failed ? 'denied' : 'plain')} flex gap-2 border-b px-5 py-2 text-sm max-phone:px-4`}>
      <Icon name={failed ? 'x' : 'info'} className="mt-0.5 text-state" />
      <div className="grid min-w-0 gap-0.5 [overflow-wrap:anywhere]">
        <p>
          <span className="font-medium text-state">
            <Exact text={notice.severity} />
          </span>{' '}
          <span className="mono text-fg-3">
            <Exact text={notice.code} />
          </span>
        </p>
        <Text text={notice.message} />
        {notice.detail ? <Text text={notice.detail} faint /> : null}
        {notice.hint ? <Text text={`Hint: ${notice.hint}`} faint /> : null}
      </div>
    </div>
  )
}

function Text({ text, faint }: { text: string; faint?: true }) {
  return (
    <p className={`mono whitespace-pre-wrap ${faint ? 'text-fg-2' : ''}`}>
      <Exact text={text} />
    </p>
  )
}

/** No bytes came back: why. */
function NoResult({ status }: { status: StatementStatus }) {
  return (
    <p className="px-5 py-4 text-fg-2 max-phone:px-4">
      {status === 'ok' ? 'Nothing came back.' : verdictMeans(status)}
    </p>
  )
}
