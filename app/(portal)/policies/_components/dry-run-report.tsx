import Link from 'next/link'
import type { DryRunGroup, DryRunResult } from '#lib/services/policies/dry-run/dry-run-items'
import { Callout } from '#ui/callout'
import { Exact } from '#ui/code'
import { Pair, principalIcon } from '#ui/face'
import { Section } from '#ui/section'
import { State } from '#ui/state'
import { counted, grouped } from '../../../_components/numbers'
import { duration, exactTime } from '../../../_components/time'

const EFFECTS = {
  allow: { kind: 'allowed', word: 'allowed' },
  hold: { kind: 'held', word: 'held' },
  deny: { kind: 'denied', word: 'denied' },
} as const

/** What a dry run came to: how much of each, what changes, what it costs in approvals, and examples. */
export function DryRunReport({ result, stale }: { result: DryRunResult; stale: boolean }) {
  const { effects, changes, approvalsPerDay, judged, notJudged, complete, tookMs, sessions } = result
  return (
    <>
      {stale ? (
        <p className="px-5 pt-3 text-sm text-fg-3 max-phone:px-4">The text changed since: run it again.</p>
      ) : null}
      <Section
        title="Of what was recorded"
        end={`${counted(judged, 'statement')} of ${counted(sessions, 'session')}, ${duration(tookMs * 1_000)}`}
      >
        {complete ? null : (
          <Callout kind="held" title="Time was up before all were judged." className="mb-3">
            These are figures of a part. Choose fewer days or one connection.
          </Callout>
        )}
        <div className="grid grid-cols-3 gap-3">
          {(['allow', 'hold', 'deny'] as const).map((effect) => (
            <div key={effect}>
              <State kind={EFFECTS[effect].kind}>{EFFECTS[effect].word}</State>
              <b className="block text-xl leading-tight font-strong">{grouped(effects[effect])}</b>
            </div>
          ))}
        </div>
        <p className="mt-3">
          {approvalsPerDay === 0 ? 'It would ask for no approval.' : `About ${approvalsWords(approvalsPerDay)} a day.`}
        </p>
        {notJudged > 0 ? (
          <p className="mt-1 text-sm text-fg-3">
            {counted(notJudged, 'statement')} could not be judged: what is known of them was not recorded.
          </p>
        ) : null}
      </Section>
      <Section title="Decided otherwise than it was then">
        {changes.length === 0 ? <p className="text-fg-2">Nothing.</p> : null}
        <ul className="grid gap-1.5">
          {changes.map(({ from, to, statements }) => (
            <li key={`${from} ${to}`} className="flex items-center gap-2">
              <b className="w-16 text-right font-medium">{grouped(statements)}</b>
              <span className="text-fg-2">were {EFFECTS[from].word}, would be</span>
              <State kind={EFFECTS[to].kind}>{EFFECTS[to].word}</State>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Examples">
        {result.groups.length === 0 ? <p className="text-fg-2">There is none to show.</p> : null}
        <ol className="grid grid-cols-[minmax(0,1fr)] gap-4">
          {result.groups.map((group) => (
            <li key={`${group.principal.id} ${group.connection} ${group.effect} ${group.policies.join()}`}>
              <Group group={group} />
            </li>
          ))}
        </ol>
      </Section>
    </>
  )
}

function approvalsWords(perDay: number): string {
  if (perDay < 1) return 'less than one approval'
  return counted(perDay < 10 ? Math.round(perDay * 10) / 10 : Math.round(perDay), 'approval')
}

function Group({
  group: { principal, connection, effect, policies, statements, changed, samples },
}: {
  group: DryRunGroup
}) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <State kind={EFFECTS[effect].kind}>
          {grouped(statements)} {EFFECTS[effect].word}
        </State>
        <Pair icon={principalIcon(principal.kind)}>{`${principal.name} on ${connection}`}</Pair>
        <span className="ml-auto text-sm text-fg-3">
          {changed === 0 ? 'as before' : changed === statements ? 'all of them new' : `${grouped(changed)} of them new`}
        </span>
      </div>
      <p className="text-sm text-fg-3">
        {policies.length === 0 ? 'no policy permits it' : `by ${policies.join(', ')}`}
      </p>
      <ul className="mt-1 grid grid-cols-[minmax(0,1fr)] gap-px overflow-hidden rounded-2 border bg-line">
        {samples.map(({ sessionId, op, at, text, encoding }) => (
          <li key={`${sessionId} ${op}`} className="bg-code">
            <Link
              href={`/sessions/${sessionId}?op=${op}`}
              title={exactTime(at)}
              className="focus-inset mono block truncate px-3 py-1 hover:bg-hover"
            >
              {encoding === 'utf8' ? <Exact text={text.replace(/\s+/g, ' ').trim()} /> : 'not UTF-8'}
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
