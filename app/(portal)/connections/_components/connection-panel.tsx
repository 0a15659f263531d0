import Link from 'next/link'
import { postgresSettings } from '#lib/domain/connection'
import { may } from '#lib/domain/permissions'
import { type ConnectionDetail, readConnection } from '#lib/services/connections/read'
import type { Context } from '#lib/services/context'
import { Button } from '#ui/button'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { SidePanel } from '#ui/side-panel'
import { State } from '#ui/state'
import { Tag, Tags } from '#ui/tag'
import { MissingPanel } from '../../../_components/missing-panel'
import { orMissing } from '../../../_components/or-missing'
import { knownGroups } from '../../people/_components/known-groups'
import { ConnectSection } from './connect-section'
import { ConnectionForm } from './connection-form'
import { ConnectionSwitches } from './connection-switches'
import { postgresGateway } from './gateway'
import { HOLD_WORDS, PROTOCOL_ICONS, PROTOCOL_WORDS, RECORDING_WORDS, SECRET_WORDS } from './setting-words'
import { snippetUser } from './snippets'
import { TestSection } from './test-section'
import { toFormValues } from './to-form-values'
import { tokenHolders } from './token-holders'

interface ConnectionPanelProps {
  ctx: Context
  name: string
  closeHref: string
  editing: boolean
}

/** One connection: whether it works, how to use it, what it is, who may. */
export async function ConnectionPanel({ ctx, name, closeHref, editing }: ConnectionPanelProps) {
  const item = await orMissing(readConnection({ ctx, input: { name } }))
  if (item === null) return <MissingPanel what="connection" closeHref={closeHref} />
  const here = `${closeHref}${closeHref.includes('?') ? '&' : '?'}open=${encodeURIComponent(item.name)}`
  const canWrite = may(ctx.actor, 'connections:write')
  if (editing && canWrite)
    return (
      <SidePanel icon={PROTOCOL_ICONS[item.protocol]} title={`Edit ${item.name}`} closeHref={here}>
        <ConnectionForm
          key={item.version}
          editing={{
            id: item.id,
            version: item.version,
            hold: item.hold,
            masking: item.masking,
            secrets: item.secrets,
          }}
          initial={toFormValues(item)}
          groups={await knownGroups(ctx)}
          backHref={here}
          now={ctx.clock.now()}
        />
      </SidePanel>
    )
  const settings = postgresSettings.safeParse(item.settings).data
  const now = ctx.clock.now()
  return (
    <SidePanel
      icon={PROTOCOL_ICONS[item.protocol]}
      title={item.name}
      closeHref={closeHref}
      about={<About item={item} user={settings?.user} />}
      actions={
        canWrite ? (
          <Button asChild>
            <Link href={`${here}&edit=1`} scroll={false}>
              Edit
            </Link>
          </Button>
        ) : null
      }
    >
      <TestSection
        key={item.lastTest?.id ?? 'none'}
        connectionId={item.id}
        test={item.lastTest}
        secretSetAt={oldestSecret(item)}
        canRun={canWrite && item.state === 'active'}
        editHref={canWrite ? `${here}&edit=1` : null}
        target={{
          address: item.address,
          user: settings?.user ?? '',
          database: settings?.database ?? '',
          tls: settings?.tls ?? '',
        }}
        now={now}
      />
      <ConnectSection
        connection={item.name}
        disabled={item.state === 'disabled'}
        access={item.access}
        gateway={postgresGateway()}
        holders={await tokenHolders(ctx, item.access)}
        placeholderUser={snippetUser(ctx.actor.principal.email ?? ctx.actor.principal.name)}
      />
      <Section title="Who may connect" end={<LiveCount item={item} show={may(ctx.actor, 'sessions:read')} />}>
        <Access item={item} />
      </Section>
      <Section title="Settings">
        <Settings item={item} now={now} />
      </Section>
      <Section title="What is recorded">
        <p className="text-sm text-fg-2">
          Every statement with its values and its result, as the client saw it. Passwords never.{' '}
          {RECORDING_WORDS[item.recording][1]}
        </p>
      </Section>
      <Section title="When a policy holds a command">
        <p className="text-sm text-fg-2">
          {HOLD_WORDS[item.hold][0]}. {HOLD_WORDS[item.hold][1]}
        </p>
      </Section>
      {canWrite ? (
        <Section title="Out of use">
          <ConnectionSwitches
            id={item.id}
            name={item.name}
            disabled={item.state === 'disabled'}
            liveSessions={item.liveSessions}
            closeHref={closeHref}
          />
        </Section>
      ) : null}
    </SidePanel>
  )
}

/** When the oldest field of the secret was set, in milliseconds since 1970; null when there is none. */
function oldestSecret(item: ConnectionDetail): number | null {
  const times = item.secrets.map((secret) => Date.parse(secret.updatedAt))
  return times.length === 0 ? null : Math.min(...times)
}

function About({ item, user }: { item: ConnectionDetail; user: string | undefined }) {
  return (
    <>
      {PROTOCOL_WORDS[item.protocol]}
      {user ? (
        <>
          {' '}
          as <span className="mono">{user}</span>
        </>
      ) : null}
      {item.owner ? `, owned by ${item.owner.name}` : ''}
      {item.state === 'disabled' ? (
        <>
          {', '}
          <State kind="plain" icon="denied">
            Disabled
          </State>
        </>
      ) : null}
    </>
  )
}

function LiveCount({ item, show }: { item: ConnectionDetail; show: boolean }) {
  if (item.liveSessions === 0) return <span>no live sessions</span>
  const words = (
    <State kind="live">{item.liveSessions === 1 ? '1 live session' : `${item.liveSessions} live sessions`}</State>
  )
  return show ? <Link href={`/sessions?connection=${encodeURIComponent(item.name)}&state=live`}>{words}</Link> : words
}

function Access({ item }: { item: ConnectionDetail }) {
  if (item.access.length === 0)
    return <p className="text-sm text-fg-2">Nobody: no group is under access. An admin can add one.</p>
  return (
    <div className="grid gap-2 text-sm">
      <p className="flex flex-wrap items-center gap-1 text-fg-2">
        Members of{' '}
        {item.access.map((group) => (
          <Tag key={group} name={group} />
        ))}
      </p>
      {item.state === 'disabled' ? (
        <p className="text-fg-2">It is disabled, so nobody can connect now.</p>
      ) : item.mayUse ? (
        <State kind="allowed">You may connect</State>
      ) : (
        <p className="text-fg-2">
          You are in none of these groups. Ask an admin to add a group of yours, or your identity provider to add you.
        </p>
      )}
    </div>
  )
}

function Settings({ item, now }: { item: ConnectionDetail; now: number }) {
  const settings = postgresSettings.safeParse(item.settings).data
  return (
    <DefinitionList
      items={[
        ['Id', <CopyId key="id" id={item.id} />],
        [
          'Address',
          <span key="address" className="mono">
            {item.address}
          </span>,
        ],
        ...(settings
          ? ([
              [
                'Database',
                <span key="database" className="mono">
                  {settings.database}
                </span>,
              ],
              [
                'User',
                <span key="user" className="mono">
                  {settings.user}
                </span>,
              ],
              ['TLS', `${settings.tls}${settings.ca ? ', own CA' : ''}`],
              ['Sign-in', settings.auth.join(', ')],
            ] as const)
          : []),
        ...item.secrets.map(
          (secret) =>
            [
              SECRET_WORDS[secret.field] ?? secret.field,
              <span key={secret.field}>
                sealed, set <RelativeTime at={Date.parse(secret.updatedAt)} now={now} />
              </span>,
            ] as const,
        ),
        item.secrets.length === 0 && ['Secret', 'none set'],
        ['Recording', RECORDING_WORDS[item.recording][0]],
        [
          'Tags',
          Object.keys(item.tags).length > 0 ? (
            <span key="tags" className="flex flex-wrap gap-1">
              <Tags tags={item.tags} />
            </span>
          ) : (
            'none'
          ),
        ],
        ['Version', `${item.version}`],
        ['Changed', <RelativeTime key="changed" at={Date.parse(item.updatedAt)} now={now} />],
      ]}
    />
  )
}
