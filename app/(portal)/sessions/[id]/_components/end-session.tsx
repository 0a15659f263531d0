'use client'
import { useState } from 'react'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/dialog'
import { Icon } from '#ui/icon'
import { endSessionHere } from '../../actions'
import type { SessionView } from './session'

/** Ends a live session, after asking. Whoever may is decided by the service; this only shows the way. */
export function EndSession({ session }: { session: SessionView }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button look="danger" disabled={session.ending !== null} onClick={() => setOpen(true)}>
        <Icon name="stop" size="sm" />
        {session.ending === null ? 'End session' : 'Ending…'}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="End this session"
        about={
          <>
            {session.principal.name} loses its connection to {session.connection} at once, whatever it is doing. What
            runs on the target is cancelled. The record stays, and says who ended it.
          </>
        }
        confirm="End session"
        danger
        action={async () => {
          const result = await endSessionHere(session.id)
          return result.ok ? undefined : { error: result.message }
        }}
      />
    </>
  )
}
