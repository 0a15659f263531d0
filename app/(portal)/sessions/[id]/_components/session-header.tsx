'use client'
import type { SessionVerdict } from '#lib/services/sessions/verify'
import { Button } from '#ui/button'
import { Face, principalIcon } from '#ui/face'
import { Icon } from '#ui/icon'
import { useNow } from '#ui/relative-time'
import { Chip } from '#ui/state'
import { Tags } from '#ui/tag'
import { counted, grouped } from '../../../../_components/numbers'
import { age, clockTime, dateTime, exactTime, relativeTime } from '../../../../_components/time'
import { SessionState } from '../../_components/session-state'
import { EndSession } from './end-session'
import type { SessionView } from './session'

const DAY_MS = 86_400_000

interface SessionHeaderProps {
  session: SessionView
  verification: SessionVerdict | null
  now: number
}

/** Who did this, for whom, on what; how it stands; what one can do about it. */
export function SessionHeader({ session, verification, now }: SessionHeaderProps) {
  const live = session.endedAt === null
  return (
    <div className="flex items-center gap-3 px-5 py-3 max-desk:flex-wrap max-phone:px-4">
      <div className="min-w-0 flex-1 max-desk:basis-full">
        <h1 className="flex min-w-0 flex-wrap items-center gap-2 text-lg">
          <Named icon={principalIcon(session.principal.kind)} round={session.principal.kind === 'person'}>
            {session.principal.name}
          </Named>
          {session.principal.kind === 'person' ? null : (
            <>
              <span className="text-md text-fg-3">for</span>
              <Named icon="person" round>
                {session.owner}
              </Named>
            </>
          )}
          <Icon name="fwd" size="sm" className="text-fg-3" />
          <Named icon="db" round={false}>
            {session.connection}
          </Named>
        </h1>
        <div className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1">
          <SessionState live={live} reason={session.endReason} as="chip" title={session.endDetail ?? undefined} />
          <VerifiedChip verification={verification} />
          <Tags tags={session.tags} />
          <Divider />
          <Times session={session} now={now} />
          <Divider />
          <span className="text-fg-2">{summary(session)}</span>
        </div>
      </div>
      {session.mayReplay ? (
        <Button asChild>
          <a href={`/api/v1/sessions/${session.id}/export?recording=true`} download={`${session.id}.jsonl`}>
            <Icon name="download" size="sm" />
            Export
          </a>
        </Button>
      ) : null}
      {live && session.mayEnd ? <EndSession session={session} /> : null}
    </div>
  )
}

function Named({
  icon,
  round,
  children,
}: {
  icon: Parameters<typeof Face>[0]['icon']
  round: boolean
  children: string
}) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Face icon={icon} round={round} />
      <b className="truncate font-strong tracking-[-0.01em]">{children}</b>
    </span>
  )
}

function VerifiedChip({ verification }: { verification: SessionVerdict | null }) {
  if (!verification) return null
  if (verification.state === 'broken') {
    return (
      <Chip kind="denied" icon="alert">
        Chain broken
      </Chip>
    )
  }
  return <Chip kind="verified">Verified to event {grouped(verification.events - 1)}</Chip>
}

function Divider() {
  return <span className="h-3.5 w-px bg-line-2 max-phone:hidden" aria-hidden="true" />
}

function Times({ session, now }: { session: SessionView; now: number }) {
  const current = useNow(now)
  const started = Date.parse(session.startedAt)
  const sameDay = Math.floor(started / DAY_MS) === Math.floor(current / DAY_MS)
  const start = sameDay ? clockTime(started) : dateTime(started, current)
  const end = session.endedAt === null ? null : Date.parse(session.endedAt)
  return (
    <span className="text-fg-2" title={exactTime(started)}>
      Started {start}, {end === null ? relativeTime(started, current) : `lasted ${age(end - started)}`}
    </span>
  )
}

/** "24 statements, 1 denied, 2 failed" */
function summary({ operations, held, refused, failed }: SessionView): string {
  const parts = [counted(operations, 'statement')]
  if (held > 0) parts.push(`${grouped(held)} held`)
  if (refused > 0) parts.push(`${grouped(refused)} denied`)
  if (failed > 0) parts.push(`${grouped(failed)} failed`)
  return parts.join(', ')
}
