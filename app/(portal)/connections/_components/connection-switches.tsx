'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState, useTransition } from 'react'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { ConfirmDialog, Dialog, DialogFooter } from '#ui/dialog'
import { Field } from '#ui/field'
import { Input } from '#ui/input'
import { putIntoUse, removeConnection, takeOutOfUse } from '../actions'

interface ConnectionSwitchesProps {
  id: string
  name: string
  disabled: boolean
  liveSessions: number
  closeHref: string
}

/** Disable, enable, delete: each says before what it ends. */
export function ConnectionSwitches({ id, name, disabled, liveSessions, closeHref }: ConnectionSwitchesProps) {
  const [asking, setAsking] = useState<'state' | 'delete'>()
  const router = useRouter()
  const ends =
    liveSessions === 0
      ? ''
      : ` ${liveSessions === 1 ? 'Its live session ends' : `Its ${liveSessions} live sessions end`} within 5 s.`
  const change = async () => {
    const result = await (disabled ? putIntoUse(id) : takeOutOfUse(id))
    if (!result.ok) return { error: result.message }
    router.refresh()
    return undefined
  }
  return (
    <>
      <p className="mb-2 text-sm text-fg-2">
        {disabled
          ? 'Nobody can connect now. Its settings and its secret are kept.'
          : 'Disabling ends its live sessions within 5 s and keeps settings and secret. Recorded sessions stay in either case.'}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setAsking('state')}>{disabled ? 'Enable connection' : 'Disable connection'}</Button>
        <Button look="danger" onClick={() => setAsking('delete')}>
          Delete connection
        </Button>
      </div>
      <ConfirmDialog
        open={asking === 'state'}
        onOpenChange={() => setAsking(undefined)}
        title={disabled ? `Enable ${name}?` : `Disable ${name}?`}
        about={disabled ? 'Its groups may connect again at once.' : `Nobody can connect until it is enabled.${ends}`}
        confirm={disabled ? 'Enable' : 'Disable'}
        {...(disabled ? {} : { danger: true as const })}
        action={change}
      />
      <DeleteDialog
        open={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        id={id}
        name={name}
        ends={ends}
        closeHref={closeHref}
      />
    </>
  )
}

interface DeleteDialogProps {
  open: boolean
  onClose: () => void
  id: string
  name: string
  ends: string
  closeHref: string
}

function DeleteDialog({ open, onClose, id, name, ends, closeHref }: DeleteDialogProps) {
  const [typed, setTyped] = useState('')
  const [failure, setFailure] = useState<string>()
  const [busy, start] = useTransition()
  const router = useRouter()
  const close = () => {
    setTyped('')
    setFailure(undefined)
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed !== name) return
    start(async () => {
      const result = await removeConnection(id)
      if (!result.ok) return setFailure(result.message)
      close()
      router.push(closeHref)
    })
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={`Delete ${name}?`}
      about={`Its secret is destroyed and cannot be brought back.${ends} Recorded sessions stay.`}
    >
      <form onSubmit={submit}>
        <Field label={`Type ${name} to delete it`}>
          <Input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        {failure ? (
          <Callout kind="denied" title="It was not deleted." className="mt-3">
            {failure}
          </Callout>
        ) : null}
        <DialogFooter>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" look="danger" disabled={busy || typed !== name}>
            Delete connection
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
