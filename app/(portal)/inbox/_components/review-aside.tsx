import Link from 'next/link'
import { Arch } from '#ui/arch'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { Face, principalIcon } from '#ui/face'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { Tags } from '#ui/tag'
import { Who, WhoChain } from '#ui/who-chain'
import { audience } from '../../../_components/audience'
import { counted } from '../../../_components/numbers'
import { approvalsOf, type ReviewView } from './review-view'

const LINK = 'font-medium text-accent-text hover:underline'

/** What stands behind a review: who asks, why it was held, who approved, and where it came from. */
export function ReviewAside({ review, now }: { review: ReviewView; now: number }) {
  const { got, needed } = approvalsOf(review)
  return (
    <aside
      aria-label="Behind it"
      className="border-l max-[73.75rem]:border-t max-[73.75rem]:border-l-0 [&_section]:px-5 max-phone:[&_section]:px-4"
    >
      <Section title="Who is asking">
        <Asking review={review} />
      </Section>
      <Section title="Why it was held" end={`policies version ${review.policyVersion}`}>
        <div className="grid gap-3">
          {review.demands.map((demand) => (
            <Demand key={demand.policy} demand={demand} document={documentOf(review, demand.policy)} />
          ))}
        </div>
      </Section>
      <Section title="Approvals" end={`${got} of ${needed}`}>
        <Approvals review={review} now={now} />
      </Section>
      <Section title="Context">
        <Origin review={review} />
      </Section>
    </aside>
  )
}

function Asking({ review }: { review: ReviewView }) {
  const { principal, human, connection } = review
  const person = principal.kind === 'person'
  return (
    <WhoChain>
      {person ? null : (
        <Who icon={<Face icon="person" round />} name={human.name} about={`answers for this ${principal.kind}`} />
      )}
      <Who
        icon={<Face icon={principalIcon(principal.kind)} round={person} />}
        name={principal.name}
        about={person ? 'a person' : `${principal.kind === 'agent' ? 'an agent' : 'a service'} of theirs`}
      />
      {review.run ? <Who icon={<Face icon="hash" />} name={review.run.label} about="run" /> : null}
      <Who
        icon={<Face icon="db" />}
        name={
          <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
            {connection.name} <Tags tags={review.tags} />
          </span>
        }
        about={`database ${review.database}, version ${connection.version} of the connection`}
      />
    </WhoChain>
  )
}

function documentOf({ documents }: ReviewView, policy: string): string | null {
  return documents.find((one) => one.policy === policy)?.document ?? null
}

function Demand({ demand, document }: { demand: ReviewView['demands'][number]; document: string | null }) {
  return (
    <div>
      <p>
        {document === null ? (
          <span className="font-medium">{demand.policy}</span>
        ) : (
          <Link href={`/policies/${encodeURIComponent(document)}`} className={LINK}>
            {demand.policy}
          </Link>
        )}
      </p>
      <p className="mt-0.5 text-sm text-fg-2">{demand.reason}</p>
      <p className="mt-0.5 text-sm text-fg-3">
        asks {audience(demand.group, demand.quorum)}
        {demand.quorum > 1 ? `, ${demand.approvals} so far` : ''}
      </p>
    </div>
  )
}

function Approvals({ review, now }: { review: ReviewView; now: number }) {
  const open = review.state === 'pending'
  return (
    <ol className="grid gap-3">
      {review.votes.map((vote) => (
        <Vote key={vote.voter.id} vote={vote} now={now} />
      ))}
      {open ? (
        <Who
          icon={<Arch kind="held" barred />}
          name={review.mine.kind === 'decide' ? 'You, or another approver' : 'Another approver'}
          about={`${review.human.name} cannot approve this`}
        />
      ) : null}
      {!open && review.votes.length === 0 ? <p className="text-sm text-fg-2">Nobody voted.</p> : null}
    </ol>
  )
}

function Vote({ vote, now }: { vote: ReviewView['votes'][number]; now: number }) {
  const approved = vote.decision === 'approve'
  return (
    <Who
      icon={<Arch kind={approved ? 'allowed' : 'denied'} barred={!approved} />}
      name={
        <>
          {vote.voter.name}{' '}
          <span className="font-normal text-fg-3">
            {approved ? 'approved' : 'rejected'} <RelativeTime at={vote.at} now={now} />
          </span>
        </>
      }
      about={vote.reason ? `“${vote.reason}”` : null}
    />
  )
}

function Origin({ review }: { review: ReviewView }) {
  const { session, sessionState, client } = review
  return (
    <DefinitionList
      items={[
        [
          'Session',
          review.mayOpenSession ? (
            <Link key="session" href={`/sessions/${session.id}?op=${session.op}`} className={LINK}>
              {session.live ? 'live, open it' : 'ended, open it'}
            </Link>
          ) : (
            <CopyId key="session" id={session.id} />
          ),
        ],
        client && ['From', <code key="from">{client.address}</code>],
        client && client.application !== '' && ['Says it is', client.application],
        review.repeats > 0 && ['Sent again', counted(review.repeats, 'time')],
        [
          'Search path',
          sessionState.searchPath === null ? (
            'not known'
          ) : (
            <code key="path">{sessionState.searchPath.join(', ') || 'empty'}</code>
          ),
        ],
        ['Role', sessionState.role === null ? 'not known' : <code key="role">{roleWords(review)}</code>],
      ]}
    />
  )
}

function roleWords({ sessionState: { role, sessionRole } }: ReviewView): string {
  return sessionRole !== null && sessionRole !== role ? `${role}, signed in as ${sessionRole}` : (role ?? '')
}
