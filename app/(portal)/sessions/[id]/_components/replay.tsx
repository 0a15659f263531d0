'use client'
import { useQueryStates } from 'nuqs'
import { useRef, useState } from 'react'
import type { SessionVerdict } from '#lib/services/sessions/verify'
import { Callout } from '#ui/callout'
import { useNow } from '#ui/relative-time'
import { useLiveSignal } from '../../../../_components/use-live'
import { NewRows } from '../../_components/new-rows'
import { readSessionNow, verifySessionNow } from '../actions'
import { NoStatements } from './no-statements'
import type { OpenedStatement } from './opened-statement'
import { replayParams } from './replay-params'
import type { SessionView } from './session'
import { SessionAside } from './session-aside'
import { SessionHeader } from './session-header'
import { openedAtFirst, type StatementWindow } from './statement'
import { StatementDetail } from './statement-detail'
import { StatementTable } from './statement-table'
import { StatementTools } from './statement-tools'
import { Timeline } from './timeline'
import { marksOf, type TimelineMarks } from './timeline-marks'
import { useOpenStatement } from './use-open-statement'
import { useStatements } from './use-statements'

interface ReplayProps {
  session: SessionView
  statements: StatementWindow
  opened: OpenedStatement | null
  overview: TimelineMarks
  now: number
}

/** One session: its statements, what came back, and the proof; live while it runs. */
export function Replay(props: ReplayProps) {
  const { now, opened } = props
  const [session, setSession] = useState(props.session)
  const [params, set] = useQueryStates(replayParams, { history: 'replace' })
  const scroller = useRef<HTMLDivElement>(null)
  const list = useStatements(session.id, props.statements, params, scroller)
  const selected = params.op ?? openedAtFirst(list.window)
  const open = useOpenStatement(session.id, selected, String(session.lastSeq), opened)
  const current = useNow(now)
  const verify = useVerification(session.id)
  const live = session.endedAt === null
  useLiveSignal(live ? `session:${session.id as `ses_${string}`}` : null, () => {
    list.arrived()
    void readSessionNow(session.id).then((answer) => answer.ok && setSession(answer.value))
  })
  const select = (op: number) => void set({ op })
  return (
    <div className="grid h-full grid-rows-[auto_auto_minmax(0,1fr)] max-desk:block">
      <SessionHeader session={session} verification={verify.verification} now={now} />
      <Timeline
        {...marksOf(props.overview, list.window, session, current)}
        live={live}
        selected={selected}
        onSelect={select}
      />
      <div className="grid min-h-0 grid-cols-[minmax(0,1fr)_20rem] max-desk:grid-cols-[minmax(0,1fr)]">
        <div className="grid min-h-0 min-w-0 grid-rows-[auto_minmax(6rem,2fr)_minmax(0,3fr)] max-desk:block">
          <StatementTools session={session} />
          <div className="relative min-h-0 border-b">
            <div ref={scroller} className="h-full overflow-auto [overflow-anchor:none] max-desk:max-h-[45vh]">
              <StatementTable
                statements={list.window.statements}
                scroller={scroller}
                selected={selected}
                now={current}
                onSelect={select}
                onReach={list.reach}
              />
              {list.error ? (
                <Callout kind="denied" title="The portal did not answer." className="m-4">
                  What is shown stays. It is read again with the next statement.
                </Callout>
              ) : null}
              {list.window.statements.length === 0 ? (
                <NoStatements session={session} params={params} onClear={() => void set({ q: null, verdict: null })} />
              ) : null}
            </div>
            <NewRows count={list.waiting} what="statement" where="bottom" onShow={list.showWaiting} />
          </div>
          <div className="min-h-0 overflow-auto">
            {selected === null ? null : <StatementDetail session={session.id} open={open} />}
          </div>
        </div>
        <SessionAside
          session={session}
          statement={open.statement}
          review={open.review}
          chain={{ ...verify, events: open.events, onVerify: verify.run }}
        />
      </div>
    </div>
  )
}

function useVerification(id: string) {
  const [verification, setVerification] = useState<SessionVerdict | null>(null)
  const [error, setError] = useState<string | null>(null)
  const run = async () => {
    const answer = await verifySessionNow(id).catch(() => undefined)
    setError(answer === undefined ? 'The portal did not answer.' : answer.ok ? null : answer.message)
    if (answer?.ok) setVerification(answer.value)
  }
  return { verification, error, run }
}
