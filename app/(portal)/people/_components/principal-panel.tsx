import Link from 'next/link'
import { readEnv } from '#lib/config/env'
import { may } from '#lib/domain/permissions'
import type { Context } from '#lib/services/context'
import { listGrants } from '#lib/services/grants/list'
import type { PrincipalItem } from '#lib/services/principals/principal-item'
import { readPrincipal } from '#lib/services/principals/read'
import { listRoles } from '#lib/services/roles/list'
import { listTokens } from '#lib/services/tokens/list'
import type { TokenItem } from '#lib/services/tokens/token-item'
import { Button } from '#ui/button'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { principalIcon } from '#ui/face'
import { Icon } from '#ui/icon'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { SidePanel } from '#ui/side-panel'
import { State } from '#ui/state'
import { Tag } from '#ui/tag'
import { MissingPanel } from '../../../_components/missing-panel'
import { counted } from '../../../_components/numbers'
import { orMissing } from '../../../_components/or-missing'
import { AgentForm } from './agent-form'
import { knownGroups } from './known-groups'
import { PrincipalSwitch } from './principal-switch'
import { Standing } from './principal-table'

interface PrincipalPanelProps {
  ctx: Context
  id: string
  closeHref: string
  editing: boolean
}

/** One person, agent or service: what it may be, what it holds, what it does right now. */
export async function PrincipalPanel({ ctx, id, closeHref, editing }: PrincipalPanelProps) {
  const item = await orMissing(readPrincipal({ ctx, input: { id } }))
  if (item === null) return <MissingPanel what="person, agent or service" closeHref={closeHref} />
  const here = `${closeHref}${closeHref.includes('?') ? '&' : '?'}open=${item.id}`
  const canWrite = may(ctx.actor, 'principals:write')
  if (editing && canWrite && item.kind !== 'person')
    return (
      <SidePanel icon={principalIcon(item.kind)} title={`Edit ${item.name}`} closeHref={here}>
        <AgentForm item={item} groups={await knownGroups(ctx)} backHref={here} />
      </SidePanel>
    )
  const tokens = await listTokens({ ctx, input: { principalId: item.id, state: 'active', limit: 10 } })
  const now = ctx.clock.now()
  return (
    <SidePanel
      icon={principalIcon(item.kind)}
      title={item.name}
      closeHref={closeHref}
      about={<About item={item} />}
      actions={
        canWrite && item.kind !== 'person' ? (
          <Button asChild>
            <Link href={`${here}&edit=1`} scroll={false}>
              Edit
            </Link>
          </Button>
        ) : null
      }
    >
      <Section title="Identity" end={<Standing item={item} />}>
        <DefinitionList
          items={[
            ['Id', <CopyId key="id" id={item.id} />],
            item.kind === 'person' && ['E-mail', item.email ?? 'not given by the identity provider'],
            item.owner && ['Answers for it', <Owner key="owner" owner={item.owner} closeHref={closeHref} />],
            ['Groups', <GroupList key="groups" item={item} />],
            item.kind === 'person' && ['Roles', <Roles key="roles" ctx={ctx} groups={item.groups} />],
            [
              'Last seen',
              item.lastSeenAt ? <RelativeTime key="seen" at={Date.parse(item.lastSeenAt)} now={now} /> : 'never',
            ],
            ['Known since', <RelativeTime key="since" at={Date.parse(item.createdAt)} now={now} />],
          ]}
        />
      </Section>
      <Section title="Live sessions" end={<SessionsLink item={item} show={may(ctx.actor, 'sessions:read')} />}>
        {item.liveSessions === 0 ? (
          <p className="text-sm text-fg-3">None right now.</p>
        ) : (
          <State kind="live">{item.liveSessions === 1 ? '1 session' : `${item.liveSessions} sessions`}</State>
        )}
      </Section>
      <Section title="Active tokens" end={<MintLink ctx={ctx} item={item} />}>
        <TokenLines tokens={tokens.items} now={now} />
      </Section>
      <Section
        title="Grants in force"
        end={
          <Link href={`/grants?principal=${item.id}`} className="font-medium text-accent-text hover:underline">
            All
          </Link>
        }
      >
        <p className="text-sm text-fg-2">{await grantWords(ctx, item.id)}</p>
      </Section>
      {canWrite && item.id !== ctx.actor.principal.id ? (
        <Section title={item.state === 'disabled' ? 'Let in again' : 'Shut out'}>
          <PrincipalSwitch item={item} />
        </Section>
      ) : null}
    </SidePanel>
  )
}

async function grantWords(ctx: Context, principalId: string): Promise<string> {
  const { items } = await listGrants({ ctx, input: { principalId, state: 'active', limit: 50 } })
  if (items.length === 0) return 'None: what is held of it is asked about every time.'
  return `${counted(items.length, 'kind of statement', 'kinds of statements')} without asking again.`
}

function About({ item }: { item: PrincipalItem }) {
  if (item.kind === 'person') return <>Person. Groups and name come from the identity provider at each sign-in.</>
  const what = item.kind === 'agent' ? 'Agent' : 'Service'
  return (
    <>
      {what}
      {item.owner ? `, ${item.owner.name} answers for it` : ''}
    </>
  )
}

function Owner({ owner, closeHref }: { owner: NonNullable<PrincipalItem['owner']>; closeHref: string }) {
  return (
    <Link
      href={`${closeHref}${closeHref.includes('?') ? '&' : '?'}open=${owner.id}`}
      scroll={false}
      className="font-medium text-accent-text hover:underline"
    >
      {owner.name}
    </Link>
  )
}

function GroupList({ item }: { item: PrincipalItem }) {
  if (item.groups.length === 0)
    return <span className="text-fg-2">none, so no connection is open to {item.kind === 'person' ? 'them' : 'it'}</span>
  return (
    <span className="flex flex-wrap gap-1">
      {item.groups.map((group) => (
        <Tag key={group} name={group} />
      ))}
    </span>
  )
}

/** Roles with the group each comes from; only those who may read the mapping see it. */
async function Roles({ ctx, groups }: { ctx: Context; groups: readonly string[] }) {
  if (!may(ctx.actor, 'principals:read')) return [...ctx.actor.roles].join(', ') || 'none'
  const mapping = (await listRoles({ ctx, input: {} })).items.map(({ role, groups: given }) => ({
    role,
    from: [...given, ...(role === 'admin' ? readEnv().SALLYPORT_ADMIN_GROUPS : [])].find((group) =>
      groups.includes(group),
    ),
  }))
  const held = mapping.filter(({ from }) => from !== undefined)
  if (held.length === 0) return <span className="text-fg-2">none: no group of theirs is mapped to a role</span>
  return held.map(({ role, from }) => (
    <span key={role} className="block">
      {role} <span className="text-fg-3">through {from}</span>
    </span>
  ))
}

function SessionsLink({ item, show }: { item: PrincipalItem; show: boolean }) {
  if (!show) return null
  return (
    <Link href={`/sessions?principal=${item.id}`} className="font-medium text-accent-text hover:underline">
      All sessions
    </Link>
  )
}

function MintLink({ ctx, item }: { ctx: Context; item: PrincipalItem }) {
  const me = ctx.actor.principal.id
  const mine = item.id === me || item.owner?.id === me
  if (item.state === 'disabled' || !(mine || (item.kind !== 'person' && may(ctx.actor, 'tokens:write')))) return null
  return (
    <Link href={`/tokens?mint=${item.id}`} className="font-medium text-accent-text hover:underline">
      Mint a token
    </Link>
  )
}

function TokenLines({ tokens, now }: { tokens: readonly TokenItem[]; now: number }) {
  if (tokens.length === 0) return <p className="text-sm text-fg-3">None.</p>
  return (
    <ul className="grid gap-1.5 text-sm">
      {tokens.map((token) => (
        <li key={token.id} className="flex items-center gap-2">
          <Icon name="key" size="state" className="text-fg-3" />
          <Link href={`/tokens?open=${token.id}`} className="truncate font-medium hover:underline">
            {token.run?.label || token.label || 'token'} <span className="mono text-fg-3">…{token.hint}</span>
          </Link>
          <span className="ml-auto shrink-0 text-fg-3">
            ends <RelativeTime at={Date.parse(token.expiresAt)} now={now} />
          </span>
        </li>
      ))}
    </ul>
  )
}
