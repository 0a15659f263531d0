'use client'
import Link from 'next/link'
import { useCallback, useEffect, useRef, useState, useTransition } from 'react'
import { Callout } from '#ui/callout'
import { Pair, principalIcon } from '#ui/face'
import { useNow } from '#ui/relative-time'
import { Table, Td, Th } from '#ui/table'
import { grouped } from '../../../_components/numbers'
import { useShortcut } from '../../../_components/shell/shortcuts'
import { age, exactTime, relativeTime } from '../../../_components/time'
import { NewRows } from './new-rows'
import type { SessionRow, SessionsPage } from './session-row'
import { SessionState } from './session-state'
import { Spacer } from './spacer'
import { useSessionRows } from './use-session-rows'
import { VerdictCounts } from './verdict-counts'
import { useVirtualRows } from './virtual-rows'

const COLUMNS = 8

interface SessionsTableProps {
  first: SessionsPage
  /** The filter as the address has it: what the next pages are read with. */
  query: string
  now: number
}

/** All sessions that match, as far as one scrolls. Live rows change in place; new ones wait while the reader is further down. */
export function SessionsTable({ first, query, now }: SessionsTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useSessionRows(first, query, scroller)
  const current = useNow(now)
  const virtual = useVirtualRows({ count: list.rows.length, rowHeight: 32, headHeight: 28, scroller })
  const [, startLoading] = useTransition()
  const lastShown = virtual.indices.at(-1) ?? 0
  const { more, rows } = list
  useEffect(() => {
    if (lastShown >= rows.length - 30) startLoading(more)
  }, [lastShown, rows.length, more])
  useRowKeys(scroller, rows.length, virtual.scrollTo)
  return (
    <div className="relative min-h-0">
      <div ref={scroller} className="h-full overflow-auto focus-inset" tabIndex={-1}>
        <Table paged picks aria-rowcount={list.done ? rows.length + 1 : -1} aria-label="Sessions">
          <thead>
            <tr>
              <Th>Who</Th>
              <Th wide>For</Th>
              <Th>Connection</Th>
              <Th wide>Started</Th>
              <Th wide num>
                Lasted
              </Th>
              <Th wide num>
                Statements
              </Th>
              <Th wide>Verdicts</Th>
              <Th>State</Th>
            </tr>
          </thead>
          <tbody>
            <Spacer height={virtual.before} columns={COLUMNS} />
            {virtual.indices.map((index) => {
              const row = rows[index]
              return row ? <Row key={row.id} row={row} index={index} now={current} /> : null
            })}
            <Spacer height={virtual.after} columns={COLUMNS} />
          </tbody>
        </Table>
        {list.error ? (
          <Callout kind="denied" title="The next sessions could not be read." className="m-4">
            What is above stays.{' '}
            <button type="button" className="font-medium text-accent-text" onClick={() => startLoading(more)}>
              Try again
            </button>
          </Callout>
        ) : null}
        <p className="px-5 py-3 text-sm text-fg-3 max-phone:px-4" aria-live="off">
          {list.done
            ? `${grouped(rows.length)} ${rows.length === 1 ? 'session' : 'sessions'}, that is all of them`
            : 'Reading on…'}
        </p>
      </div>
      <NewRows count={list.waiting} what="session" onShow={list.showWaiting} />
    </div>
  )
}

function Row({ row, index, now }: { row: SessionRow; index: number; now: number }) {
  const live = row.endedAt === null
  const started = Date.parse(row.startedAt)
  return (
    <tr aria-rowindex={index + 2} className="relative has-[a:focus-visible]:bg-selected">
      <Td className="max-w-64 max-phone:max-w-34">
        <Link
          href={`/sessions/${row.id}`}
          prefetch={false}
          data-row={index}
          className="after:absolute after:inset-0 focus-visible:shadow-none focus-visible:after:shadow-[inset_0_0_0_2px_var(--accent)]"
        >
          <Pair icon={principalIcon(row.principal.kind)} strong>
            {row.principal.name}
          </Pair>
        </Link>
      </Td>
      <Td wide className="max-w-56 truncate text-fg-2">
        {row.principal.kind === 'person' ? <span className="text-fg-3">self</span> : row.owner}
      </Td>
      <Td className="max-w-64 max-phone:max-w-32">
        <Pair icon="db">{row.connection}</Pair>
      </Td>
      <Td wide className="text-fg-2">
        <time dateTime={row.startedAt} title={exactTime(row.startedAt)}>
          {relativeTime(started, now)}
        </time>
      </Td>
      <Td wide num className="text-fg-2">
        {age((live ? now : Date.parse(row.endedAt ?? row.startedAt)) - started)}
      </Td>
      <Td wide num>
        {row.operations === 0 ? <span className="text-fg-3">none</span> : grouped(row.operations)}
      </Td>
      <Td wide>
        <VerdictCounts operations={row.operations} held={row.held} refused={row.refused} failed={row.failed} />
      </Td>
      <Td>
        <SessionState live={live} reason={row.endReason} as="words" />
      </Td>
    </tr>
  )
}

/** `j` and `k` move from row to row, wherever the focus was; Enter opens, as on any link. */
function useRowKeys(
  scroller: React.RefObject<HTMLDivElement | null>,
  count: number,
  scrollTo: (index: number) => void,
): void {
  const [target, setTarget] = useState<number>()
  const move = useCallback(
    (step: number) => {
      const at = Number(document.activeElement?.getAttribute('data-row') ?? (step > 0 ? -1 : count))
      const next = Math.min(count - 1, Math.max(0, at + step))
      scrollTo(next)
      setTarget(next)
    },
    [count, scrollTo],
  )
  useEffect(() => {
    if (target === undefined) return
    const frame = requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-row="${target}"]`)?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [target, scroller])
  useShortcut({ keys: 'j', does: 'Next row', group: 'This page', run: () => move(1) })
  useShortcut({ keys: 'k', does: 'Previous row', group: 'This page', run: () => move(-1) })
}
