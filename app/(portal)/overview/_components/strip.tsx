import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Overview } from '#lib/services/overview/read'
import { Icon, type IconName } from '#ui/icon'
import { LiveDot } from '#ui/state'
import { counted, grouped } from '../../../_components/numbers'
import { TimeLeft } from './time-left'

/** The figures of the day in one row; each leads to what it counts. */
export function Strip({ overview, now }: { overview: Overview; now: number }) {
  const { live, today } = overview
  const since = `/sessions?from=${encodeURIComponent(today.since)}`
  return (
    <div className="grid grid-cols-5 border-b max-desk:grid-cols-2 max-desk:border-b-0 max-desk:[&>*]:border-b">
      <Cell href="/sessions?state=live" label="Live sessions" mark={<LiveDot />} value={live.sessions}>
        {live.sessions === 0
          ? 'nobody is connected'
          : [
              live.agents > 0 && counted(live.agents, 'agent'),
              live.people > 0 && counted(live.people, 'person', 'people'),
            ]
              .filter(Boolean)
              .join(', ')}
      </Cell>
      <HeldCell held={overview.held} now={now} />
      <Cell href={since} label="Statements today" mark={<Mark icon="overview" />} value={today.operations}>
        {today.rows === 0 ? `in ${counted(today.sessions, 'session')}` : `read ${counted(today.rows, 'row')}`}
      </Cell>
      <Cell
        href={`${since}&verdict=refused`}
        label="Denied today"
        mark={<Mark icon="denied" />}
        tint={today.refused > 0 ? 'is-denied text-state' : ''}
        value={today.refused}
      >
        {today.refused === 0 ? 'nothing was refused' : 'none reached a target'}
      </Cell>
      <Cell
        href={`${since}&verdict=failed`}
        label="Failed today"
        mark={<Mark icon="x" />}
        tint={today.failed > 0 ? 'is-denied text-state' : ''}
        value={today.failed}
      >
        {today.failed === 0 ? 'no errors came back' : 'answered with an error'}
      </Cell>
    </div>
  )
}

/** What waits for a decision, and how long the most urgent one still does. */
function HeldCell({ held, now }: { held: Overview['held']; now: number }) {
  const waits = held.waiting > 0
  return (
    <Cell
      href="/inbox"
      label="Held reviews"
      mark={<Mark icon="held" />}
      tint={waits ? 'is-held text-state' : ''}
      value={held.waiting}
    >
      {held.nextExpiresAt === null ? (
        'nothing waits'
      ) : (
        <>
          next expires in <TimeLeft until={held.nextExpiresAt} now={now} />
        </>
      )}
    </Cell>
  )
}

function Mark({ icon }: { icon: IconName }) {
  return <Icon name={icon} size="sm" />
}

interface CellProps {
  href: string
  label: string
  mark: ReactNode
  tint?: string
  value: number
  children: ReactNode
}

function Cell({ href, label, mark, tint, value, children }: CellProps) {
  return (
    <Link
      href={href}
      className="focus-inset block px-5 py-4 not-first:border-l hover:bg-hover max-desk:last:col-span-2 max-desk:odd:border-l-0 max-phone:px-4 max-phone:py-3"
    >
      <span className={`flex items-center gap-1.5 text-sm ${tint || 'text-fg-2'}`}>
        {mark}
        {label}
      </span>
      <b className="mt-0.5 block text-2xl leading-tight font-strong tracking-[-0.02em]">{grouped(value)}</b>
      <span className="text-sm text-fg-3">{children}</span>
    </Link>
  )
}
