'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import type { SessionItem } from '#lib/services/sessions/session-item'
import { Pair, principalIcon } from '#ui/face'
import { useNow } from '#ui/relative-time'
import { Section } from '#ui/section'
import { LiveDot } from '#ui/state'
import { Table, Td, Th } from '#ui/table'
import { grouped } from '../../../_components/numbers'
import { useReviewSignal } from '../../../_components/reviews/review-watch'
import { age } from '../../../_components/time'
import { useLive } from '../../../_components/use-live'
import { VerdictCounts } from '../../sessions/_components/verdict-counts'

interface LiveNowProps {
  sessions: readonly SessionItem[]
  total: number
  now: number
}

/** Who is connected at this moment, newest first. The whole page follows what happens. */
export function LiveNow({ sessions, total, now }: LiveNowProps) {
  useLive('sessions', 1_500)
  const router = useRouter()
  useReviewSignal(() => router.refresh())
  const current = useNow(now)
  return (
    <Section
      title="Live now"
      flush
      end={
        <Link className="font-medium text-accent-text hover:underline" href="/sessions">
          All sessions
        </Link>
      }
    >
      {sessions.length === 0 ? (
        <p className="px-5 pb-4 text-fg-2 max-phone:px-4">
          Nobody is connected. A session that starts appears here at once.
        </p>
      ) : (
        <Table paged picks aria-label="Live sessions">
          <thead>
            <tr>
              <Th>Who</Th>
              <Th wide>For</Th>
              <Th>Connection</Th>
              <Th wide num>
                Statements
              </Th>
              <Th num>Running</Th>
              <Th wide>Verdicts</Th>
              <Th wide>
                <span className="sr-only">Open</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <Row key={session.id} session={session} now={current} />
            ))}
          </tbody>
        </Table>
      )}
      {total > sessions.length ? (
        <p className="px-5 py-3 text-sm text-fg-3 max-phone:px-4">
          and {grouped(total - sessions.length)} more{' '}
          <Link className="font-medium text-accent-text hover:underline" href="/sessions?state=live">
            Show all
          </Link>
        </p>
      ) : null}
    </Section>
  )
}

function Row({ session, now }: { session: SessionItem; now: number }) {
  const person = session.principal.kind === 'person'
  return (
    <tr className="relative">
      <Td className="max-w-56 max-phone:max-w-36">
        <Link
          href={`/sessions/${session.id}`}
          prefetch={false}
          className="after:absolute after:inset-0 focus-visible:shadow-none focus-visible:after:shadow-[inset_0_0_0_2px_var(--accent)]"
        >
          <Pair icon={principalIcon(session.principal.kind)} strong>
            {session.principal.name}
          </Pair>
        </Link>
      </Td>
      <Td wide className="max-w-48 truncate text-fg-2">
        {person ? <span className="text-fg-3">self</span> : session.owner.name}
      </Td>
      <Td className="max-w-56 max-phone:max-w-36">
        <Pair icon="db">{session.connection.name}</Pair>
      </Td>
      <Td wide num>
        {session.operations === 0 ? <span className="text-fg-3">none</span> : grouped(session.operations)}
      </Td>
      <Td num className="text-fg-2">
        {age(now - Date.parse(session.startedAt))}
      </Td>
      <Td wide>
        <VerdictCounts
          operations={session.operations}
          held={session.held}
          refused={session.refused}
          failed={session.failed}
        />
      </Td>
      <Td wide num>
        <span aria-hidden="true" className="is-live inline-flex items-center gap-1.5 font-medium text-accent-text">
          <LiveDot />
          Watch
        </span>
      </Td>
    </tr>
  )
}
