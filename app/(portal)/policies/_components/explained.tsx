import Link from 'next/link'
import type { ExplainedDecision } from '#lib/services/policies/explain'
import type { VerdictItem } from '#lib/services/policies/verdict-item'
import { Callout } from '#ui/callout'
import { Section } from '#ui/section'
import { Chip, State } from '#ui/state'
import { audience } from '../../../_components/audience'
import { exactTime } from '../../../_components/time'
import { CedarText } from './cedar-text'
import { Effect } from './effect'
import { FactTable } from './fact-table'

const VERDICTS = {
  allow: { kind: 'allowed', word: 'Allowed' },
  deny: { kind: 'denied', word: 'Denied' },
  hold: { kind: 'held', word: 'Held' },
} as const

/** What would be decided, by which policies, from which facts. */
export function Explained({ explained }: { explained: ExplainedDecision }) {
  const { verdict, approved, determining, mayConnect, facts, because, catalogReadAt } = explained
  const { kind, word } = VERDICTS[verdict.effect]
  return (
    <div aria-live="polite">
      <Section title="Decision" end={<Chip kind={kind}>{word}</Chip>}>
        {mayConnect ? null : (
          <Callout kind="denied" title="They could not connect at all." className="mb-3">
            No group of theirs is under access of this connection. This is what the policies would say all the same.
          </Callout>
        )}
        <p>{verdictWords(verdict)}</p>
        {approved ? <Approved approved={approved} /> : null}
      </Section>
      <Section title="Policies that made it" end={`version ${explained.setVersion}`}>
        {determining.length === 0 ? <p className="text-fg-2">None: no policy permits it.</p> : null}
        <ol className="grid grid-cols-[minmax(0,1fr)] gap-4">
          {determining.map((statement) => (
            <li key={statement.id}>
              <div className="mb-2 flex flex-wrap items-center gap-2">
                <Effect effect={statement.hold ? 'hold' : statement.effect} />
                <Link href={`/policies/${statement.document}`} className="font-medium text-accent-text hover:underline">
                  {statement.id}
                </Link>
                <span className="ml-auto text-sm text-fg-3">
                  {statement.document}, line {statement.line}
                </span>
              </div>
              <CedarText text={statement.text} />
            </li>
          ))}
        </ol>
      </Section>
      <Section title="Facts of the statement">
        <FactTable facts={facts} because={because} />
        <p className="mt-2 text-sm text-fg-3">
          {catalogReadAt === null
            ? 'What names mean there is not known: nobody has connected since this connection was changed.'
            : `What names mean there was last read ${exactTime(catalogReadAt)}.`}
        </p>
      </Section>
    </div>
  )
}

function verdictWords(verdict: VerdictItem): string {
  if (verdict.effect === 'deny') return `It is refused, and the client reads: ${verdict.reason}`
  if (verdict.effect === 'allow') return 'It is sent at once.'
  const asked = [...new Set(verdict.demands.map(({ group, quorum }) => audience(group, quorum)))].join(' and ')
  return `It waits for ${asked}. ${[...new Set(verdict.demands.map(({ reason }) => reason))].join(' ')}`
}

/** What approval would change. */
function Approved({ approved }: { approved: VerdictItem }) {
  const { kind, word } = VERDICTS[approved.effect]
  return (
    <p className="mt-2 flex flex-wrap items-center gap-2 text-fg-2">
      Once approved: <State kind={kind}>{word}</State>
      {approved.effect === 'deny' ? approved.reason : null}
    </p>
  )
}
