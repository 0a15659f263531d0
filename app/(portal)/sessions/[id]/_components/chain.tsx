'use client'
import { useTransition } from 'react'
import type { SessionVerdict } from '#lib/services/sessions/verify'
import { Callout } from '#ui/callout'
import { Icon } from '#ui/icon'
import { Section } from '#ui/section'
import { State } from '#ui/state'
import { bytes, counted, grouped } from '../../../../_components/numbers'
import type { RecordedEvent } from './record-tab'

export interface ChainProps {
  /** Events of the selected statement, as far as they are read. */
  events: readonly RecordedEvent[] | undefined
  verification: SessionVerdict | null
  error: string | null
  onVerify: () => Promise<void>
}

/** The hash chain around the selected statement, and the button that recomputes all of it. */
export function Chain({ events, verification, error, onVerify }: ChainProps) {
  const [busy, start] = useTransition()
  return (
    <Section title="Chain" end={<Badge verification={verification} busy={busy} />}>
      {events && events.length > 0 ? (
        <ol className="linked">
          {events.map((event) => (
            <li key={event.seq} className="grid h-6.5 grid-cols-[1.25rem_1fr_auto] items-center text-sm">
              <Icon name="hash" size="sm" className="text-fg-3" />
              <span className="mono">{grouped(event.seq)}</span>
              <span className="mono text-fg-3" title={event.hash}>
                {event.hash.slice(0, 6)}…{event.hash.slice(-4)}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      {error ? (
        <Callout kind="denied" title="It could not be verified.">
          {error}
        </Callout>
      ) : null}
      {verification?.state === 'broken' ? (
        <Callout kind="denied" title="The record does not fit its chain.">
          {verification.faults.map(({ part, at, reason }) => (
            <span key={`${part} ${at}`} className="block">
              {part === 'chain' ? `Event ${grouped(at)}` : `Recorded byte ${grouped(at)}`}: {reason}
            </span>
          ))}
        </Callout>
      ) : null}
      <p className="mt-1.5 text-sm text-fg-3">
        {verification?.state === 'intact'
          ? `${counted(verification.events, 'event')} and ${bytes(verification.recordedBytes)} of recording recomputed; all fit. `
          : null}
        <button
          type="button"
          disabled={busy}
          onClick={() => start(onVerify)}
          className="rounded-1 font-medium text-accent-text hover:underline disabled:text-fg-off disabled:no-underline"
        >
          {busy ? 'Recomputing…' : verification ? 'Verify again' : 'Verify every event'}
        </button>
      </p>
    </Section>
  )
}

function Badge({ verification, busy }: { verification: SessionVerdict | null; busy: boolean }) {
  if (busy || !verification) return null
  if (verification.state === 'intact') return <State kind="verified">Verified</State>
  return (
    <State kind="denied" icon="alert">
      Broken
    </State>
  )
}
