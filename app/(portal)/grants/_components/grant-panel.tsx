import Link from 'next/link'
import type { GrantItem } from '#lib/services/grants/grant-item'
import { Bytes } from '#ui/code'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { Pair, principalIcon } from '#ui/face'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { SidePanel } from '#ui/side-panel'
import { Tag } from '#ui/tag'
import { factTitle } from '../../../_components/fact-words'
import { counted } from '../../../_components/numbers'
import { RevokeGrant } from './revoke-grant'

const LINK = 'font-medium text-accent-text hover:underline'

/** One grant: what it lets through, on whose word, how often it was used, and the way to end it. */
export function GrantPanel({ item, now, closeHref }: { item: GrantItem; now: number; closeHref: string }) {
  return (
    <SidePanel
      icon="unlock"
      title={factTitle(item.facts)}
      closeHref={closeHref}
      about={`${item.principal.name} on ${item.connection.name}`}
    >
      <Section title="Shape">
        <p className="mb-2 text-sm text-fg-2">This statement with any constants, and nothing else:</p>
        <Bytes text={item.text} />
      </Section>
      <Section title="Grant">
        <DefinitionList
          items={[
            ['Id', <CopyId key="id" id={item.id} />],
            [
              'For',
              <Link key="for" href={`/people?open=${item.principal.id}`} className="hover:underline">
                <Pair icon={principalIcon(item.principal.kind)}>{item.principal.name}</Pair>
              </Link>,
            ],
            item.human.id !== item.principal.id && ['Answers for it', item.human.name],
            item.run && ['Only in the run', item.run.label],
            ['Connection', `${item.connection.name}, version ${item.connection.version}`],
            [
              'Lifts',
              <span key="lifts" className="inline-flex flex-wrap gap-1">
                {item.policies.map((policy) => (
                  <Tag key={policy} name={policy} />
                ))}
              </span>,
            ],
            ['Approved by', item.approvedBy.map(({ name }) => name).join(', ')],
            [
              'From the review',
              <Link key="review" href={`/inbox?open=${item.reviewId}`} className={LINK}>
                Open it
              </Link>,
            ],
            ['Made', <RelativeTime key="made" at={item.createdAt} now={now} />],
            ['Ends', <RelativeTime key="ends" at={item.expiresAt} now={now} />],
            [
              'Used',
              item.lastUsedAt === null ? (
                'never'
              ) : (
                <span key="used">
                  {counted(item.uses, 'time')}, last <RelativeTime at={item.lastUsedAt} now={now} />
                </span>
              ),
            ],
            item.revokedBy && ['Revoked by', item.revokedBy.name],
          ]}
        />
      </Section>
      {item.state === 'active' ? (
        <Section title="Revoke">
          {item.revocable ? (
            <RevokeGrant id={item.id} who={item.principal.name} />
          ) : (
            <p className="text-sm text-fg-2">An approver, an admin or {item.human.name} can revoke it.</p>
          )}
        </Section>
      ) : null}
    </SidePanel>
  )
}
