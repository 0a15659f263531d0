'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useShortcut } from '../shell/shortcuts'
import { Button } from './button'
import { Icon } from './icon'

/** Closes the side panel, by pointer or by Escape. */
export function PanelClose({ href }: { href: string }) {
  const router = useRouter()
  useShortcut({ keys: 'Escape', does: 'Close the panel', group: 'This page', run: () => router.push(href) })
  return (
    <Button asChild look="bare" size="icon">
      <Link href={href} scroll={false} aria-label="Close panel">
        <Icon name="x" />
      </Link>
    </Button>
  )
}
