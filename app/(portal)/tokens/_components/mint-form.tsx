'use client'
import Link from 'next/link'
import { type FormEvent, useState, useTransition } from 'react'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Field } from '#ui/field'
import { Input, Select } from '#ui/input'
import { ListInput } from '#ui/list-input'
import { Segmented } from '#ui/segmented'
import { fieldMessage } from '../../../_components/field-message'
import { SubmitKeys, useSubmitKeys } from '../../../_components/submit-keys'
import type { Gateway } from '../../connections/_components/snippets'
import type { TokenHolder } from '../../connections/_components/token-holders'
import { mintAccessToken } from '../actions'
import { Minted, type MintedResult } from './minted'

interface MintFormProps {
  holders: readonly TokenHolder[]
  initialHolder: string
  connections: readonly { readonly name: string; readonly access: readonly string[] }[]
  gateway: Gateway
  myUser: string
  closeHref: string
}

const TTLS = [
  { value: '900', label: '15 min' },
  { value: '3600', label: '1 h' },
  { value: '28800', label: '8 h' },
  { value: '86400', label: '24 h' },
] as const

/** For whom, for what and how long. The result takes the form's place. */
export function MintForm({ holders, initialHolder, connections, gateway, myUser, closeHref }: MintFormProps) {
  const [holderId, setHolderId] = useState(holders.find((one) => one.id === initialHolder)?.id ?? holders[0]?.id ?? '')
  const [run, setRun] = useState('')
  const [label, setLabel] = useState('')
  const [names, setNames] = useState<readonly string[]>([])
  const [ttl, setTtl] = useState<(typeof TTLS)[number]['value']>('3600')
  const [failure, setFailure] = useState<{ field: string | undefined; message: string }>()
  const [minted, setMinted] = useState<MintedResult>()
  const [busy, start] = useTransition()
  const keys = useSubmitKeys()
  const holder = holders.find((one) => one.id === holderId)
  if (minted) return <Minted result={minted} gateway={gateway} myUser={myUser} closeHref={closeHref} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!holder) return
    start(async () => {
      setFailure(undefined)
      const result = await mintAccessToken({
        ...(holder.self ? {} : { principalId: holder.id }),
        ...(run.trim() === '' ? {} : { run: run.trim() }),
        ...(names.length === 0 ? {} : { connections: [...names] }),
        label: label.trim(),
        ttlSeconds: Number(ttl),
      })
      if (!result.ok) return setFailure(result)
      setMinted({ ...result.value, holder, connection: names[0] ?? connections[0]?.name ?? 'CONNECTION' })
    })
  }
  const error = (field: string) => (failure?.field === field ? fieldMessage(failure.message) : undefined)
  const placed = ['connections', 'run', 'label'].includes(failure?.field ?? '')
  return (
    <form onSubmit={submit} onKeyDown={keys} data-keys="own" className="grid gap-4 p-4" noValidate>
      {failure && !placed ? (
        <Callout kind="denied" title="No token was made.">
          {failure.message}
        </Callout>
      ) : null}
      <Field
        label="For"
        hint={
          holder?.self
            ? 'It ends when you sign out here.'
            : 'It speaks as this agent or service, and you answer for having made it.'
        }
      >
        <Select value={holderId} onChange={(event) => setHolderId(event.target.value)}>
          {holders.map((one) => (
            <option key={one.id} value={one.id}>
              {one.self ? `${one.name} (you)` : `${one.name} (${one.kind})`}
            </option>
          ))}
        </Select>
      </Field>
      {holder?.self ? null : (
        <Field
          label="Run"
          hint="Name of the job it is for. Sessions of one run stand together. May be left empty."
          error={error('run')}
        >
          <Input
            value={run}
            onChange={(event) => setRun(event.target.value)}
            placeholder="nightly-card-cleanup 418"
            maxLength={200}
            autoComplete="off"
          />
        </Field>
      )}
      <Field
        label="Connections"
        hint="Enter adds one. Without any it opens all that its holder may use."
        error={error('connections')}
      >
        <ListInput
          values={names}
          onChange={setNames}
          noun="connection"
          placeholder="all its holder may use"
          suggestions={connections.map((connection) => connection.name)}
        />
      </Field>
      <Field label="Label" hint="For people, to tell it from others. May be left empty." error={error('label')}>
        <Input value={label} onChange={(event) => setLabel(event.target.value)} maxLength={200} autoComplete="off" />
      </Field>
      <div className="grid justify-items-start gap-1">
        <span className="text-sm font-medium">Good for</span>
        <Segmented label="Good for" choices={TTLS} value={ttl} onChange={setTtl} />
      </div>
      <div className="flex items-center gap-2">
        <Button type="submit" look="primary" disabled={busy}>
          Mint token
          <SubmitKeys />
        </Button>
        <Button asChild look="bare">
          <Link href={closeHref} scroll={false}>
            Cancel
          </Link>
        </Button>
      </div>
    </form>
  )
}
