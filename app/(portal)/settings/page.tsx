import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { requireContext } from '#lib/auth/context'
import { readEnv } from '#lib/config/env'
import { may } from '#lib/domain/permissions'
import type { Context } from '#lib/services/context'
import { readNotifications } from '#lib/services/notifications/read'
import { listRoles } from '#lib/services/roles/list'
import { readGateway } from '#lib/services/settings/read'
import { PageHeader } from '#ui/section'
import { knownGroups } from '../people/_components/known-groups'
import { readCaCertificate } from './_components/ca-certificate'
import { IdentityFacts, KeyFacts, LimitFacts, ListenerFacts, WorkerFacts } from './_components/facts'
import { NotificationFacts } from './_components/notification-facts'
import { RoleMapping } from './_components/role-mapping'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  const ctx = await requireContext()
  const env = readEnv()
  const ca = await readCaCertificate()
  const now = ctx.clock.now()
  return (
    <>
      <PageHeader title="Settings" />
      {may(ctx.actor, 'principals:read') ? (
        <Part
          title="Roles"
          about="Who may do what here. A person has the roles of their groups, which the identity provider names at each sign-in. What agents and people may reach is set at each connection."
        >
          <Roles ctx={ctx} fixedAdmins={env.SALLYPORT_ADMIN_GROUPS} />
        </Part>
      ) : null}
      <Part title="Identity provider" about="Set by the operator of this installation in its environment.">
        <IdentityFacts env={env} />
      </Part>
      <Part title="Listeners" about="Where clients connect, and the certificate by which they know this gateway.">
        <ListenerFacts env={env} ca={ca} now={now} />
      </Part>
      {may(ctx.actor, 'principals:read') ? <Inside ctx={ctx} now={now} /> : null}
      {may(ctx.actor, 'audit:read') ? (
        <Part
          title="Notifications"
          about="Who is told, besides this portal, that a command waits for approval. Set by the operator in its environment; addresses and secrets are never read back."
        >
          <NotificationFacts state={await readNotifications({ ctx, input: {} })} env={env} now={now} />
        </Part>
      ) : null}
      <Part
        title="Limits"
        about="Enforced by the gateway on every session. What exceeds one ends with a clear error. Set by the operator in its environment."
      >
        <LimitFacts limits={env.limits} />
      </Part>
    </>
  )
}

async function Roles({ ctx, fixedAdmins }: { ctx: Context; fixedAdmins: readonly string[] }) {
  const [roles, groups] = await Promise.all([listRoles({ ctx, input: {} }), knownGroups(ctx)])
  return (
    <RoleMapping
      roles={roles.items}
      groups={groups}
      fixedAdmins={fixedAdmins}
      myGroups={ctx.actor.principal.groups}
      canWrite={may(ctx.actor, 'settings:write')}
    />
  )
}

async function Inside({ ctx, now }: { ctx: Context; now: number }) {
  const gateway = await readGateway({ ctx, input: {} })
  return (
    <>
      <Part
        title="Sealing keys"
        about="Target credentials are sealed to the proxies’ public key. This portal can seal one, never open it."
      >
        <KeyFacts keys={gateway.sealingKeys} now={now} />
      </Part>
      <Part title="Proxies" about="Workers that serve sessions right now.">
        <WorkerFacts workers={gateway.workers} now={now} />
      </Part>
    </>
  )
}

/** One topic: what it is at the left, its facts or controls at the right. */
function Part({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className="grid gap-x-10 gap-y-3 border-t px-5 py-5 desk:grid-cols-[17rem_minmax(0,44rem)] max-phone:px-4">
      <div>
        <h2 className="font-strong">{title}</h2>
        <p className="mt-1 text-sm text-fg-2">{about}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  )
}
