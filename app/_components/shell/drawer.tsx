'use client'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { Nav, type Viewer } from './nav'

/** The navigation on a phone: a drawer behind the menu button. */
export function Drawer({ viewer }: { viewer: Viewer }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button look="bare" size="icon" aria-label="Menu" className="phone:hidden">
          <Icon name="menu" />
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 w-[17rem] max-w-[85vw] bg-rail pb-[env(safe-area-inset-bottom)] shadow-3 outline-none"
        >
          <Dialog.Title className="sr-only">Menu</Dialog.Title>
          <Nav viewer={viewer} onGo={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
