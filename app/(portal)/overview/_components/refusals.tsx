import Link from 'next/link'
import type { SessionItem } from '#lib/services/sessions/session-item'
import { Icon } from '#ui/icon'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { counted } from '../../../_components/numbers'

/** The newest sessions in which something was refused. */
export function Refusals({ sessions, now }: { sessions: readonly SessionItem[]; now: number }) {
  return (
    <Section
      title="Denied lately"
      end={
        sessions.length === 0 ? null : (
          <Link className="font-medium text-accent-text hover:underline" href="/sessions?verdict=refused">
            All
          </Link>
        )
      }
    >
      {sessions.length === 0 ? <p className="text-fg-2">No statement has been refused.</p> : null}
      <ul className="divide-y">
        {sessions.map((session) => (
          <li key={session.id} className="is-denied flex gap-2.5 py-2 leading-[1.4]">
            <Icon name="denied" className="mt-0.5 text-state" />
            <div className="min-w-0">
              <Link
                href={`/sessions/${session.id}?verdict=refused`}
                prefetch={false}
                className="font-medium hover:underline"
              >
                {session.principal.name} on {session.connection.name}
              </Link>
              <span className="block text-sm text-fg-2">
                {counted(session.refused, 'statement')} refused of {counted(session.operations, 'statement')},{' '}
                <RelativeTime at={session.startedAt} now={now} />
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}
