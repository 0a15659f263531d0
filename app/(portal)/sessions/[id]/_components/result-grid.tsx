'use client'
import { useEffect, useRef } from 'react'
import type { ReplayCell, ReplayColumn, ReplaySet } from '#lib/domain/replay/postgres-result'
import { Exact } from '#ui/code'
import { Skeleton } from '#ui/skeleton'
import { Table, Td, Th } from '#ui/table'
import { bytes, grouped } from '../../../../_components/numbers'
import { Spacer } from '../../_components/spacer'
import { useVirtualRows } from '../../_components/virtual-rows'
import { type RowSource, useSetRows } from './use-set-rows'

const NUMERIC = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'money', 'oid', 'xid', 'cid'])
/** Up to here a grid grows with its rows and scrolls with the page. */
const SHORT = 60
const WIDEST_CELL = 500

interface ResultGridProps {
  set: ReplaySet
  source: RowSource
  label: string
}

/**
 * A result set as the client saw it: columns with their types, rows numbered, NULL told apart from empty text. Only rows in sight
 * are read and drawn, so that a million of them scroll like ten.
 */
export function ResultGrid({ set, source, label }: ResultGridProps) {
  const scroller = useRef<HTMLElement>(null)
  const { columns } = set
  const long = set.rowCount > SHORT
  const virtual = useVirtualRows({ count: set.rowCount, rowHeight: 28, headHeight: 28, scroller })
  const { rows, want, failed } = useSetRows(set, source)
  const indices = long ? virtual.indices : Array.from({ length: set.rowCount }, (_, index) => index)
  const first = indices[0] ?? 0
  const last = indices.at(-1) ?? 0
  useEffect(() => want(first, last), [want, first, last])
  const span = columns.length + 2
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className={`overflow-auto focus-inset ${long ? 'h-[min(70vh,40rem)]' : ''}`}
    >
      <Table paged aria-rowcount={set.rowCount + 1}>
        <Head columns={columns} />
        <tbody>
          {long ? <Spacer height={virtual.before} columns={span} /> : null}
          {indices.map((index) => (
            <Row key={index} number={index + 1} row={rows(index)} columns={columns} span={span} failed={failed} />
          ))}
          {long ? <Spacer height={virtual.after} columns={span} /> : null}
        </tbody>
      </Table>
    </section>
  )
}

function Head({ columns }: { columns: readonly ReplayColumn[] }) {
  return (
    <thead>
      <tr>
        <Th num className="w-14">
          <span className="sr-only">Row</span>
        </Th>
        {columns.map((column, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name; their place is their identity
          <Th key={index} className={`text-fg-2! ${NUMERIC.has(column.type) ? 'num' : ''}`}>
            <Exact text={column.name} />
            <small className="ml-1 font-mono text-xs leading-none font-normal text-fg-3">{column.type}</small>
          </Th>
        ))}
        <Filler head />
      </tr>
    </thead>
  )
}

interface RowProps {
  number: number
  row: readonly ReplayCell[] | undefined
  columns: readonly ReplayColumn[]
  span: number
  failed: boolean
}

function Row({ number, row, columns, span, failed }: RowProps) {
  return (
    <tr aria-rowindex={number + 1}>
      <Td num className="h-7! text-fg-3">
        <span className="inline-block min-w-7">{grouped(number)}</span>
      </Td>
      {row === undefined ? (
        <Td colSpan={span - 1} className="h-7!">
          {failed ? <span className="text-fg-3">could not be read</span> : <Skeleton className="w-2/5" />}
        </Td>
      ) : (
        row.map((cell, index) => (
          <Td
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
            key={index}
            className={`mono h-7! truncate ${NUMERIC.has(columns[index]?.type ?? '') ? 'num' : ''} ${columns.length === 1 ? 'max-w-none' : 'max-w-96'}`}
          >
            <CellText cell={cell} />
          </Td>
        ))
      )}
      {row === undefined ? null : <Filler />}
    </tr>
  )
}

/** Takes the width that is left, so that few columns stand together at the left instead of far apart. */
function Filler({ head }: { head?: true }) {
  return <td aria-hidden="true" className={`w-full p-0! ${head ? 'sticky top-0 z-1 h-7! bg-panel' : 'h-7!'}`} />
}

/** Cells are cut by their column; the whole text, as far as it is here, is their title. */
function CellText({ cell }: { cell: ReplayCell }) {
  if (cell === null) return <span className="text-fg-3 italic">NULL</span>
  if (typeof cell === 'string') return <Words text={cell} />
  return (
    <>
      {cell.form === 'hex' ? (
        <span className="text-fg-2">{`\\x${cell.text.slice(0, WIDEST_CELL)}`}</span>
      ) : (
        <Words text={cell.text} />
      )}
      {cell.cut ? <span className="ml-1.5 font-sans text-fg-3">… {bytes(cell.bytes)} in all</span> : null}
    </>
  )
}

function Words({ text }: { text: string }) {
  if (text === '') return <span className="font-sans text-fg-3">empty</span>
  const shown = text.length > WIDEST_CELL ? `${text.slice(0, WIDEST_CELL)}…` : text
  return (
    <span title={text.length > 40 ? text.slice(0, 4_000) : undefined}>
      <Exact text={shown.replaceAll('\n', '↵')} />
    </span>
  )
}
