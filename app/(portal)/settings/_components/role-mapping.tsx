'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState, useTransition } from 'react'
import type { Role } from '#lib/domain/principal'
import type { RoleItem } from '#lib/services/roles/list'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Field } from '#ui/field'
import { ListInput } from '#ui/list-input'
import { Tag } from '#ui/tag'
import { useToast } from '#ui/toast'
import { fieldMessage } from '../../../_components/field-message'
import { SubmitKeys, useSubmitKeys } from '../../../_components/submit-keys'
import { mapRole } from '../actions'

const ABOUT: Readonly<Record<Role, readonly [string, string]>> = {
  admin: ['Admin', 'Adds connections and agents, maps roles, ends sessions, reads everything.'],
  approver: ['Approver', 'Decides held commands. Sees people and connections.'],
  auditor: ['Auditor', 'Reads and replays every session, the audit log and tokens. Changes nothing.'],
  engineer: ['Engineer', 'Sees connections. Uses those open to their groups.'],
}

interface RoleMappingProps {
  roles: readonly RoleItem[]
  /** Groups to offer. */
  groups: readonly string[]
  /** Groups that the environment makes admins: not changed here. */
  fixedAdmins: readonly string[]
  myGroups: readonly string[]
  canWrite: boolean
}

/** Which groups have which role. */
export function RoleMapping({ roles, groups, fixedAdmins, myGroups, canWrite }: RoleMappingProps) {
  return (
    <div className="grid gap-5">
      {roles.map((item) => (
        <RoleRow
          key={`${item.role} ${item.groups.join(',')}`}
          item={item}
          groups={groups}
          fixed={item.role === 'admin' ? fixedAdmins : []}
          myGroups={myGroups}
          canWrite={canWrite}
        />
      ))}
      {canWrite ? null : <p className="text-sm text-fg-2">Only admins change this.</p>}
    </div>
  )
}

interface RoleRowProps {
  item: RoleItem
  groups: readonly string[]
  fixed: readonly string[]
  myGroups: readonly string[]
  canWrite: boolean
}

function RoleRow({ item, groups, fixed, myGroups, canWrite }: RoleRowProps) {
  const [chosen, setChosen] = useState<readonly string[]>(item.groups)
  const [failure, setFailure] = useState<string>()
  const [busy, start] = useTransition()
  const router = useRouter()
  const say = useToast()
  const keys = useSubmitKeys()
  const [title, about] = ABOUT[item.role]
  const changed = chosen.join() !== item.groups.join()
  const locksMeOut =
    item.role === 'admin' && changed && ![...chosen, ...fixed].some((group) => myGroups.includes(group))
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (locksMeOut || !changed) return
    start(async () => {
      setFailure(undefined)
      const result = await mapRole({ role: item.role, groups: [...chosen] })
      if (!result.ok) return setFailure(fieldMessage(result.message))
      say(`${title} is now given by ${result.value.groups.join(', ') || 'no group'}`)
      router.refresh()
    })
  }
  if (!canWrite)
    return (
      <div className="grid gap-1">
        <h3 className="text-sm font-medium">{title}</h3>
        <GroupTags groups={[...fixed, ...item.groups]} />
        <p className="text-sm text-fg-3">{about}</p>
      </div>
    )
  return (
    <form onSubmit={save} onKeyDown={keys} data-keys="own" className="grid gap-2">
      <Field label={title} hint={about} error={failure}>
        <ListInput values={chosen} onChange={setChosen} noun="group" placeholder="no group" suggestions={groups} />
      </Field>
      {fixed.length > 0 ? (
        <p className="flex flex-wrap items-center gap-1 text-sm text-fg-2">
          Always: <GroupTags groups={fixed} /> <span className="text-fg-3">from SALLYPORT_ADMIN_GROUPS</span>
        </p>
      ) : null}
      {locksMeOut ? (
        <Callout kind="held" title="You would lose this role yourself.">
          Keep a group of yours: {myGroups.join(', ') || 'you have none'}.
        </Callout>
      ) : null}
      {changed ? (
        <div className="flex gap-2">
          <Button type="submit" look="primary" disabled={busy || locksMeOut}>
            Save {title.toLowerCase()} groups
            <SubmitKeys />
          </Button>
          <Button look="bare" onClick={() => setChosen(item.groups)}>
            Undo
          </Button>
        </div>
      ) : null}
    </form>
  )
}

function GroupTags({ groups }: { groups: readonly string[] }) {
  if (groups.length === 0) return <span className="text-sm text-fg-3">no group</span>
  return (
    <span className="flex flex-wrap gap-1">
      {groups.map((group) => (
        <Tag key={group} name={group} />
      ))}
    </span>
  )
}
