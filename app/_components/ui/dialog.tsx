'use client'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState, useTransition } from 'react'
import { cn } from '../cn'
import { Button } from './button'
import { Callout } from './callout'
import { Icon } from './icon'

interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** One sentence under the title. */
  about?: ReactNode
  className?: string
  children: ReactNode
}

/** For decisions and short forms; never for reading. */
export function Dialog({ open, onOpenChange, title, about, className, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(about ? {} : { 'aria-describedby': undefined })}
          className={cn(
            'fixed top-[18vh] left-1/2 z-50 max-h-[74vh] w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 overflow-auto rounded-3 bg-raised p-4 shadow-float outline-none',
            className,
          )}
        >
          <Radix.Title className="pr-8 text-lg font-strong">{title}</Radix.Title>
          {about ? <Radix.Description className="mt-1 mb-3 text-fg-2">{about}</Radix.Description> : null}
          {children}
          <Radix.Close asChild>
            <Button look="bare" size="icon" aria-label="Close" className="absolute top-3 right-3">
              <Icon name="x" />
            </Button>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Buttons at the end of a dialog: cancel first, the effect last. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return <div className="mt-4 flex flex-wrap items-center justify-end gap-2">{children}</div>
}

interface ConfirmDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** What will happen, and to whom. */
  about: ReactNode
  /** Names the effect: "End session". */
  confirm: string
  danger?: true
  /** Returns what went wrong, in words for people, or nothing. */
  action: () => Promise<{ error?: string } | undefined>
}

/** Asks before what cannot be taken back. Stays open, with the reason, when it did not work. */
export function ConfirmDialog({ open, onOpenChange, title, about, confirm, danger, action }: ConfirmDialogProps) {
  const [error, setError] = useState<string>()
  const [busy, start] = useTransition()
  const run = () =>
    start(async () => {
      const result = await action()
      if (result?.error) setError(result.error)
      else onOpenChange(false)
    })
  const change = (next: boolean) => {
    setError(undefined)
    onOpenChange(next)
  }
  return (
    <Dialog open={open} onOpenChange={change} title={title} about={about}>
      {error ? (
        <Callout kind="denied" title="That did not work.">
          {error}
        </Callout>
      ) : null}
      <DialogFooter>
        <Button onClick={() => change(false)}>Cancel</Button>
        <Button look={danger ? 'danger' : 'primary'} disabled={busy} onClick={run}>
          {confirm}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
