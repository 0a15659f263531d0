import Link from 'next/link'
import { may } from '#lib/domain/permissions'
import type { Context } from '#lib/services/context'
import { readPrincipal } from '#lib/services/principals/read'
import { readToken } from '#lib/services/tokens/read'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { Pair, principalIcon } from '#ui/face'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { SidePanel } from '#ui/side-panel'
import { MissingPanel } from '../../../_components/missing-panel'
import { orMissing } from '../../../_components/or-missing'
import { RevokeButton } from './revoke-button'
import { Opens, TokenState, tokenTitle } from './token-table'

interface TokenPanelProps {
  ctx: Context
  id: string
  closeHref: string
}

/** One token: whose it is, what it opens, until when, and the way to end it. */
export async function TokenPanel({ ctx, id, closeHref }: TokenPanelProps) {
  const item = await orMissing(readToken({ ctx, input: { id } }))
  if (item === null) return <MissingPanel what="token" closeHref={closeHref} />
  const now = ctx.clock.now()
  const holder = await orMissing(readPrincipal({ ctx, input: { id: item.principal.id } }))
  const me = ctx.actor.principal.id
  const mine = item.principal.id === me || holder?.owner?.id === me
  return (
    <SidePanel icon="key" title={tokenTitle(item)} closeHref={closeHref} about={<TokenState item={item} now={now} />}>
      <Section title="Token">
        <DefinitionList
          items={[
            ['Id', <CopyId key="id" id={item.id} />],
            [
              'Last characters',
              <span key="hint" className="mono">
                …{item.hint}
              </span>,
            ],
            [
              'For',
              <Link key="for" href={`/people?open=${item.principal.id}`} className="hover:underline">
                <Pair icon={principalIcon(item.principal.kind)}>{item.principal.name}</Pair>
              </Link>,
            ],
            holder?.owner ? ['Answers for it', holder.owner.name] : null,
            ['Opens', <Opens key="opens" item={item} all />],
            item.run && ['Run', item.run.label],
            item.label !== '' && ['Label', item.label],
            ['Minted', <RelativeTime key="minted" at={Date.parse(item.createdAt)} now={now} />],
            ['Valid until', <RelativeTime key="until" at={Date.parse(item.expiresAt)} now={now} />],
            [
              'Last used',
              item.lastUsedAt === null ? (
                'never'
              ) : (
                <RelativeTime key="used" at={Date.parse(item.lastUsedAt)} now={now} />
              ),
            ],
          ]}
        />
      </Section>
      {item.state !== 'active' ? null : mine || may(ctx.actor, 'tokens:write') ? (
        <Section title="Revoke">
          <RevokeButton id={item.id} title={tokenTitle(item)} />
        </Section>
      ) : (
        <Section title="Revoke">
          <p className="text-sm text-fg-2">
            An admin{holder?.owner ? ` or ${holder.owner.name}` : ''} can revoke it, and {item.principal.name} itself.
          </p>
        </Section>
      )}
    </SidePanel>
  )
}
