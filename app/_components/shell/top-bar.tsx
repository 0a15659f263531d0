'use client'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import type { Theme } from '../theme'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { Drawer } from './drawer'
import type { Viewer } from './nav'
import { destinationOf } from './navigation'
import { Palette } from './palette'
import { ShortcutsButton } from './shortcuts-dialog'
import { ThemeMenu } from './theme'

/** Where one is, what one looks for, and how it looks. */
export function TopBar({ viewer, theme }: { viewer: Viewer; theme: Theme }) {
  return (
    <header className="flex h-(--top-h) items-center gap-3 border-b bg-page pr-3 pl-5 max-phone:gap-1.5 max-phone:px-2">
      <Start viewer={viewer} />
      <Crumbs />
      <Palette />
      <ShortcutsButton />
      <ThemeMenu initial={theme} />
    </header>
  )
}

/** On a phone an open review is the page: the way back to the list stands where the menu was. */
function Start({ viewer }: { viewer: Viewer }) {
  const inbox = usePathname() === '/inbox'
  const params = useSearchParams()
  if (!inbox || params.get('open') === null) return <Drawer viewer={viewer} />
  const back = new URLSearchParams(params)
  back.delete('open')
  return (
    <>
      <Button asChild look="bare" size="icon" className="phone:hidden">
        <Link href={`/inbox?${back}`} aria-label="Back to the list">
          <Icon name="back" />
        </Link>
      </Button>
      <span className="contents max-phone:hidden">
        <Drawer viewer={viewer} />
      </span>
    </>
  )
}

function Crumbs() {
  const pathname = usePathname()
  const page = destinationOf(pathname)
  const panel = useSearchParams().get('open')
  const rest = page
    ? pathname
        .slice(page.href.length + 1)
        .split('/')
        .filter(Boolean)
        .map(decodeURIComponent)
    : []
  if (panel) rest.push(panel)
  if (!page) return <span />
  if (rest.length === 0) return <span className="truncate font-medium">{page.label}</span>
  return (
    <nav aria-label="Where you are" className="flex min-w-0 items-center gap-2 whitespace-nowrap">
      <Link href={page.href} className="text-fg-2 hover:text-fg">
        {page.label}
      </Link>
      {rest.map((part) => (
        <span key={part} className="flex min-w-0 items-center gap-2">
          <span className="text-fg-3">/</span>
          <Crumb part={part} />
        </span>
      ))}
    </nav>
  )
}

/** Ids are long: their time and chance are told apart by the ends. */
function Crumb({ part }: { part: string }) {
  const id = /^[a-z]{3}_[0-9a-z]{20}$/.test(part)
  return (
    <span className={id ? 'mono truncate' : 'truncate text-fg-2'} title={part}>
      {part}
    </span>
  )
}
