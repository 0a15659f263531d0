'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { StatementDetail } from '#lib/services/sessions/read-statement'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { Face, principalIcon } from '#ui/face'
import { Section } from '#ui/section'
import { State } from '#ui/state'
import { Who, WhoChain } from '#ui/who-chain'
import { bytes } from '../../../../_components/numbers'
import { stateWords } from '../../../../_components/reviews/review-state'
import { age, exactTime } from '../../../../_components/time'
import { endWords } from '../../_components/session-end'
import { Chain, type ChainProps } from './chain'
import { type HeldReview, statusOf } from './opened-statement'
import type { SessionView } from './session'
import { verdictMeans } from './verdict'

interface SessionAsideProps {
  session: SessionView
  statement: StatementDetail | null
  review: HeldReview | null
  chain: ChainProps
}

/** What stands behind the session and the selected statement: decision, identity, connection, client, chain. */
export function SessionAside({ session, statement, review, chain }: SessionAsideProps) {
  return (
    <aside
      aria-label="Facts"
      className="min-h-0 overflow-auto border-l bg-panel max-desk:border-t max-desk:border-l-0 [&_section]:px-4 [&_section]:py-3"
    >
      {statement ? <DecisionFacts statement={statement} review={review} /> : null}
      <Section title="Identity">
        <Identity session={session} />
      </Section>
      <Section title="Connection">
        <DefinitionList
          items={[
            [
              'Name',
              <Link
                key="name"
                href={`/connections?open=${encodeURIComponent(session.connection)}`}
                className="font-medium text-accent-text hover:underline"
              >
                {session.connection}
              </Link>,
            ],
            ['Version', String(session.connectionVersion)],
            ['Database', <code key="db">{session.target.database}</code>],
            ['Signed in as', <code key="user">{session.target.user}</code>],
          ]}
        />
      </Section>
      <Section title="Client">
        <DefinitionList
          items={[
            ['Address', <code key="address">{session.client.address}</code>],
            session.client.application
              ? ['Says it is', <span key="app">{session.client.application}</span>]
              : [
                  'Says it is',
                  <span key="app" className="text-fg-3">
                    nothing
                  </span>,
                ],
            ['Received', bytes(session.outBytes)],
            session.inBytes > 0 ? ['Copied in', bytes(session.inBytes)] : null,
            session.endedAt === null ? null : ['Ended', <Ended key="end" session={session} />],
          ]}
        />
      </Section>
      <Chain {...chain} />
    </aside>
  )
}

function Ended({ session }: { session: SessionView }) {
  return (
    <>
      {endWords(session.endReason).word},{' '}
      <time title={exactTime(session.endedAt ?? '')}>{exactTime(session.endedAt ?? '').slice(11, 19)}</time>
      {session.endDetail ? <span className="block text-fg-2">{session.endDetail}</span> : null}
    </>
  )
}

function DecisionFacts({ statement, review }: { statement: StatementDetail; review: HeldReview | null }) {
  const { decision } = statement
  return (
    <Section title="Decision" end={<State kind={EFFECTS[decision.effect].kind}>{EFFECTS[decision.effect].word}</State>}>
      <DefinitionList
        items={[
          ['Policy', decision.policy],
          decision.reason ? ['Because', decision.reason] : null,
          ['Counts as', statement.effect === 'read' ? 'known to only read' : 'may change something'],
          review && ['Review', <ReviewLink key="review" review={review} />],
          ...reviewFacts(statement.review),
          ['Outcome', verdictMeans(statusOf(statement, review))],
        ]}
      />
    </Section>
  )
}

/** What the record says of how it was decided about: who approved, how long that took, and what came of it. */
function reviewFacts(review: StatementDetail['review']): ([string, ReactNode] | null)[] {
  if (review === null) return []
  const { approvedBy, decision, reason, scope, waitedMs } = review
  return [
    approvedBy.length === 0
      ? null
      : ['Approved by', approvedBy.map(({ name, groups }) => `${name} (${groups.join(', ')})`).join(' and ')],
    scope === null || scope === 'once' ? null : ['Good for', scope === 'run' ? 'its run' : 'a while'],
    ['Waited', age(waitedMs)],
    ['In the end', decision.effect === 'allow' ? 'let go' : `refused: ${reason ?? decision.reason}`],
  ]
}

const EFFECTS = {
  allow: { kind: 'allowed', word: 'Allowed' },
  deny: { kind: 'denied', word: 'Denied' },
  hold: { kind: 'held', word: 'Held' },
} as const

function ReviewLink({ review: { id, state } }: { review: HeldReview }) {
  return (
    <Link href={`/inbox?open=${id}`} className="font-medium text-accent-text hover:underline">
      {stateWords(state).word}, open it
    </Link>
  )
}

function Identity({ session }: { session: SessionView }) {
  const person = session.principal.kind === 'person'
  return (
    <WhoChain>
      {person ? null : (
        <Who
          icon={<Face icon="person" round />}
          name={session.owner}
          about={`answers for this ${session.principal.kind}`}
        />
      )}
      <Who
        icon={<Face icon={principalIcon(session.principal.kind)} round={person} />}
        name={session.principal.name}
        about={
          <>
            by token <CopyId id={session.token} className="align-bottom text-xs" />
          </>
        }
      />
      {session.run ? <Who icon={<Face icon="hash" />} name="Run" about={<CopyId id={session.run} />} /> : null}
    </WhoChain>
  )
}
