'use client'
import Link from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { type FormEvent, useState, useTransition } from 'react'
import type { PrincipalItem } from '#lib/services/principals/principal-item'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Field } from '#ui/field'
import { Input } from '#ui/input'
import { ListInput } from '#ui/list-input'
import { Segmented } from '#ui/segmented'
import { fieldMessage } from '../../../_components/field-message'
import { SubmitKeys, useSubmitKeys } from '../../../_components/submit-keys'
import { addAgent, changeAgent } from '../actions'

interface AgentFormProps {
  /** What is edited; null for a new one. */
  item: PrincipalItem | null
  /** Groups to offer. */
  groups: readonly string[]
  backHref: string
  myEmail?: string
}

type Kind = 'agent' | 'service'
const KINDS = [
  { value: 'agent', label: 'Agent' },
  { value: 'service', label: 'Service' },
] as const

/** Who it is, who answers for it, and which groups decide what it may reach. */
export function AgentForm({ item, groups, backHref, myEmail = '' }: AgentFormProps) {
  const router = useRouter()
  const asked = useSearchParams().get('add')
  const [kind, setKind] = useState<Kind>(asked === 'service' ? 'service' : 'agent')
  const [name, setName] = useState(item?.name ?? '')
  const [ownerEmail, setOwnerEmail] = useState(item ? (item.owner?.email ?? '') : myEmail)
  const [members, setMembers] = useState<readonly string[]>(item?.groups ?? [])
  const [failure, setFailure] = useState<{ field: string | undefined; message: string }>()
  const [busy, start] = useTransition()
  const keys = useSubmitKeys()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      const input = { ownerEmail: ownerEmail.trim(), groups: [...members] }
      const result = item
        ? await changeAgent({ id: item.id, ...input })
        : await addAgent({ kind, name: name.trim(), ...input })
      if (!result.ok) return setFailure(result)
      router.push(item ? backHref : `/people?open=${result.value.id}`)
    })
  }
  const error = (field: string) => (failure?.field === field ? fieldMessage(failure.message) : undefined)
  const placed = ['name', 'ownerEmail', 'groups'].includes(failure?.field ?? '')
  return (
    <form onSubmit={submit} onKeyDown={keys} className="grid gap-4 p-4" noValidate>
      {failure && !placed ? (
        <Callout kind="denied" title={item ? 'Nothing was changed.' : 'Nothing was added.'}>
          {failure.message}
        </Callout>
      ) : null}
      {item ? null : (
        <>
          <Segmented label="Kind" choices={KINDS} value={kind} onChange={setKind} className="justify-self-start" />
          <Field
            label="Name"
            hint={
              kind === 'agent'
                ? 'How it shows in sessions and policies, such as autogen-nightly.'
                : 'Such as ci-deploy.'
            }
            error={error('name')}
          >
            <Input
              value={name}
              onChange={(event) => setName(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              autoFocus
            />
          </Field>
        </>
      )}
      <Field
        label="Who answers for it"
        hint="E-mail address of a person. Somebody who has not signed in yet is invited by this. When they are disabled, so is it."
        error={error('ownerEmail')}
      >
        <Input
          type="email"
          value={ownerEmail}
          onChange={(event) => setOwnerEmail(event.target.value)}
          autoComplete="off"
          placeholder="owner@example.com"
        />
      </Field>
      <Field
        label="Groups"
        hint="They decide which connections are open to it. Enter adds one."
        error={error('groups')}
      >
        <ListInput values={members} onChange={setMembers} noun="group" placeholder="agents" suggestions={groups} />
      </Field>
      <div className="flex items-center gap-2">
        <Button type="submit" look="primary" disabled={busy}>
          {item ? 'Save' : kind === 'agent' ? 'Add agent' : 'Add service'}
          <SubmitKeys />
        </Button>
        <Button asChild look="bare">
          <Link href={backHref} scroll={false}>
            Cancel
          </Link>
        </Button>
      </div>
    </form>
  )
}
