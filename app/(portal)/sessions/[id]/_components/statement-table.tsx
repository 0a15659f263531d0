'use client'
import { type RefObject, useEffect, useRef } from 'react'
import { Exact } from '#ui/code'
import { State } from '#ui/state'
import { Table, Td, Th } from '#ui/table'
import { cn } from '../../../../_components/cn'
import { useShortcut } from '../../../../_components/shell/shortcuts'
import { clockTime, exactTime } from '../../../../_components/time'
import { Spacer } from '../../_components/spacer'
import { useVirtualRows } from '../../_components/virtual-rows'
import { RowCount, Took } from './numbers-of'
import type { Statement } from './statement'
import { Verdict } from './verdict'

const COLUMNS = 6
const ROW_HEIGHT = 30

interface StatementTableProps {
  statements: readonly Statement[]
  scroller: RefObject<HTMLDivElement | null>
  selected: number | null
  now: number
  onSelect: (op: number) => void
  /** The reader is near the first or the last row there is. */
  onReach: (end: 'first' | 'last') => void
}

/** The statements of a session. One is selected; `j` and `k`, or the arrows, move to the next. */
export function StatementTable({ statements, scroller, selected, now, onSelect, onReach }: StatementTableProps) {
  const startAt = statements.findIndex(({ op }) => op === selected)
  const virtual = useVirtualRows({ count: statements.length, rowHeight: ROW_HEIGHT, headHeight: 28, scroller, startAt })
  const first = virtual.indices[0] ?? 0
  const last = virtual.indices.at(-1) ?? 0
  const reach = useRef(onReach)
  useEffect(() => {
    reach.current = onReach
  })
  useEffect(() => {
    if (first <= 10) reach.current('first')
    if (last >= statements.length - 20) reach.current('last')
  }, [first, last, statements.length])
  const move = (step: number) => {
    const at = statements.findIndex(({ op }) => op === selected)
    const next =
      at < 0 ? (step > 0 ? 0 : statements.length - 1) : Math.min(statements.length - 1, Math.max(0, at + step))
    const statement = statements[next]
    if (!statement) return
    onSelect(statement.op)
    virtual.scrollTo(next)
  }
  useShortcut({ keys: 'j', does: 'Next statement', group: 'This page', run: () => move(1) })
  useShortcut({ keys: 'k', does: 'Previous statement', group: 'This page', run: () => move(-1) })
  useShortcut({ keys: 'ArrowDown', does: 'Next statement', group: 'This page', run: () => move(1) })
  useShortcut({ keys: 'ArrowUp', does: 'Previous statement', group: 'This page', run: () => move(-1) })
  return (
    <Table paged picks className="table-fixed" aria-label="Statements">
      <colgroup>
        <col className="w-16" />
        <col className="w-24 max-phone:hidden" />
        <col />
        <col className="w-28" />
        <col className="w-20 max-phone:hidden" />
        <col className="w-32 max-phone:hidden" />
      </colgroup>
      <thead>
        <tr>
          <Th num>#</Th>
          <Th wide>Time</Th>
          <Th>Statement</Th>
          <Th>Verdict</Th>
          <Th wide num>
            Rows
          </Th>
          <Th wide num>
            Duration
          </Th>
        </tr>
      </thead>
      <tbody>
        <Spacer height={virtual.before} columns={COLUMNS} />
        {virtual.indices.map((index) => {
          const statement = statements[index]
          if (!statement) return null
          return (
            <Row
              key={statement.op}
              statement={statement}
              selected={statement.op === selected}
              now={now}
              onSelect={onSelect}
            />
          )
        })}
        <Spacer height={virtual.after} columns={COLUMNS} />
      </tbody>
    </Table>
  )
}

interface RowProps {
  statement: Statement
  selected: boolean
  now: number
  onSelect: (op: number) => void
}

function Row({ statement, selected, now, onSelect }: RowProps) {
  return (
    <tr className="relative" data-selected={selected || undefined}>
      <Td num className="h-[1.875rem]! text-fg-3">
        <button
          type="button"
          aria-current={selected ? 'true' : undefined}
          aria-label={`Statement ${statement.op}`}
          onClick={() => onSelect(statement.op)}
          className="min-h-6 min-w-6 text-right after:absolute after:inset-0 focus-visible:shadow-none focus-visible:after:shadow-[inset_0_0_0_2px_var(--accent)]"
        >
          {statement.op}
        </button>
      </Td>
      <Td wide className="mono h-[1.875rem]! text-fg-2">
        <time dateTime={statement.at} title={exactTime(statement.at)}>
          {clockTime(statement.at)}
        </time>
      </Td>
      <Td className={cn('mono h-[1.875rem]! truncate', statement.own && 'text-fg-3')}>
        {statement.text.trim() === '' ? (
          <span className="font-sans text-fg-3">empty</span>
        ) : (
          <Exact text={statement.text} />
        )}
      </Td>
      <Td className="h-[1.875rem]!">
        {statement.own ? (
          <State kind="plain" icon="info" title="Not the client’s: the gateway asks what it must know to judge.">
            Gateway
          </State>
        ) : (
          <Verdict status={statement.status} />
        )}
      </Td>
      <Td wide num className="h-[1.875rem]!">
        <RowCount of={statement} />
      </Td>
      <Td wide num className="h-[1.875rem]! text-fg-2">
        <Took of={statement} now={now} />
      </Td>
    </tr>
  )
}
