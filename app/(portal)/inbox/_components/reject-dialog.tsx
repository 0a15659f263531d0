'use client'
import { type FormEvent, useState, useTransition } from 'react'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Dialog, DialogFooter } from '#ui/dialog'
import { Textarea } from '#ui/input'
import { SubmitKeys, useSubmitKeys } from '../../../_components/submit-keys'

interface RejectDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Who reads the reason. */
  reader: string
  /** What the reason may have at most; the service counts. */
  maxBytes: number
  /** Returns what went wrong, in words, or nothing. */
  onReject: (reason: string) => Promise<string | undefined>
}

/** No, and why: the client reads it word for word. */
export function RejectDialog({ open, onOpenChange, reader, maxBytes, onReject }: RejectDialogProps) {
  const [reason, setReason] = useState('')
  const [error, setError] = useState<string>()
  const [busy, start] = useTransition()
  const keys = useSubmitKeys()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() === '') return setError('A reason is needed: the client learns from it what to do instead.')
    start(async () => {
      const failure = await onReject(reason.trim())
      if (failure) setError(failure)
      else onOpenChange(false)
    })
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Reject this command"
      about={`${reader} reads your reason, word for word.`}
    >
      <form onSubmit={submit} onKeyDown={keys}>
        <Textarea
          aria-label="Reason"
          value={reason}
          maxLength={maxBytes}
          rows={3}
          autoFocus
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            setReason(event.target.value)
            setError(undefined)
          }}
        />
        {error ? (
          <Callout kind="denied" title="Nothing was rejected." className="mt-2">
            {error}
          </Callout>
        ) : null}
        <DialogFooter>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="danger" disabled={busy}>
            Reject
            <SubmitKeys />
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
