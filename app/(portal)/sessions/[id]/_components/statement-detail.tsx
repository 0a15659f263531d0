'use client'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import type { StatementDetail as Detail } from '#lib/services/sessions/read-statement'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Exact } from '#ui/code'
import { CopyButton } from '#ui/copy'
import { Icon } from '#ui/icon'
import { Skeleton } from '#ui/skeleton'
import { type Tab, Tabs } from '#ui/tabs'
import { useToast } from '#ui/toast'
import { counted } from '../../../../_components/numbers'
import { exactTime } from '../../../../_components/time'
import { ExactTab } from './exact-tab'
import { statusOf } from './opened-statement'
import { RecordTab } from './record-tab'
import { replayParams } from './replay-params'
import { ResultView } from './result-view'
import type { OpenStatement } from './use-open-statement'
import { type StatementStatus, Verdict } from './verdict'

/** The selected statement: what it was, what came back, and its record. */
export function StatementDetail({ session, open }: { session: string; open: OpenStatement }) {
  const [{ tab }, set] = useQueryStates(replayParams, { history: 'replace' })
  if (open.error) {
    return (
      <Callout kind="denied" title="This statement could not be read." className="m-5">
        {open.error}
      </Callout>
    )
  }
  const { statement } = open
  if (!statement) return <DetailSkeleton />
  return (
    <article aria-label={`Statement ${statement.op}`} className="pt-3">
      <Head statement={statement} status={statusOf(statement, open.review)} />
      <StatementText statement={statement} />
      <Tabs
        label="Statement"
        barClassName="px-5 max-phone:px-4"
        tabs={tabsOf(session, statement, open)}
        value={tab}
        onValueChange={(id) => void set({ tab: id as typeof tab })}
        end={<span className="max-phone:hidden">{tab === 'result' ? 'as the client saw it' : null}</span>}
      />
    </article>
  )
}

function tabsOf(session: string, statement: Detail, open: OpenStatement): readonly Tab[] {
  const note = statement.rows === null || statement.rows === 0 ? undefined : counted(statement.rows, 'row')
  return [
    {
      id: 'result',
      label: 'Result',
      ...(note ? { note } : {}),
      content:
        open.result === undefined ? (
          <DetailRows />
        ) : (
          <ResultView
            key={`${statement.op} ${statement.status}`}
            session={session}
            statement={statement}
            status={statusOf(statement, open.review)}
            result={open.result}
          />
        ),
    },
    { id: 'exact', label: 'Exact bytes', content: <ExactTab statement={statement} /> },
    { id: 'record', label: 'Record', content: <RecordTab statement={statement} events={open.events} /> },
  ]
}

function Head({ statement, status }: { statement: Detail; status: StatementStatus }) {
  const say = useToast()
  const link = () => {
    const address = new URL(window.location.href)
    address.search = ''
    address.searchParams.set('op', String(statement.op))
    navigator.clipboard.writeText(address.href).then(
      () => say('Link copied'),
      () => say('The browser did not let the link be copied'),
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-2 px-5 max-phone:px-4">
      <h2 className="font-strong">Statement {statement.op}</h2>
      <time dateTime={statement.at} title={exactTime(statement.at)} className="text-fg-3">
        {exactTime(statement.at).slice(11, 23)}
      </time>
      <Verdict status={status} />
      <span className="ml-auto flex items-center gap-1">
        <Button look="bare" size="sm" onClick={link}>
          <Icon name="hash" size="sm" />
          Link
        </Button>
        <CopyButton text={statement.text} label="Copy the statement" words="Copy" />
      </span>
    </div>
  )
}

const FOLDED_LINES = 5
const FOLDED_TEXT = 480

/** Long statements start folded: the rest is one click away, and always whole under Exact bytes. */
function StatementText({ statement }: { statement: Detail }) {
  const [whole, setWhole] = useState(false)
  const long = statement.text.length > FOLDED_TEXT || statement.text.split('\n').length > FOLDED_LINES
  const shown =
    whole || !long ? statement.text : statement.text.split('\n').slice(0, FOLDED_LINES).join('\n').slice(0, FOLDED_TEXT)
  return (
    <div className="px-5 pt-1 pb-1 max-phone:px-4">
      <pre className="text-[0.78125rem] leading-body [overflow-wrap:anywhere] whitespace-pre-wrap">
        {shown.trim() === '' ? <span className="font-sans text-fg-3">empty statement</span> : <Exact text={shown} />}
        {long && !whole ? '…' : ''}
      </pre>
      {long ? (
        <button
          type="button"
          onClick={() => setWhole(!whole)}
          className="mt-1 rounded-1 text-sm font-medium text-accent-text hover:underline"
        >
          {whole ? 'Fold' : `Show all ${counted(statement.text.length, 'character')}`}
        </button>
      ) : null}
    </div>
  )
}

function DetailSkeleton() {
  return (
    <div className="skeletons px-5 pt-4 max-phone:px-4" role="status">
      <span className="sr-only">Loading</span>
      <Skeleton className="mb-4 w-48" />
      <Skeleton className="mb-8 w-3/4" />
      <DetailRows />
    </div>
  )
}

function DetailRows() {
  return (
    <div className="skeletons grid gap-4 px-5 py-4 max-phone:px-4" aria-hidden="true">
      {['w-2/3', 'w-3/5', 'w-3/4', 'w-1/2'].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  )
}
