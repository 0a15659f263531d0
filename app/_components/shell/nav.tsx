'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { HeldCount } from '../reviews/held-count'
import { useWaiting } from '../reviews/review-watch'
import { Face } from '../ui/face'
import { Icon } from '../ui/icon'
import { BrandMark } from './brand'
import { type Destination, destinationOf, NAVIGATION, SETTINGS } from './navigation'
import { SignOutButton } from './sign-out'

export interface Viewer {
  readonly name: string
  readonly roles: string
}

/** The rail: where one can go, and who one is. */
export function Nav({ viewer, onGo }: { viewer: Viewer; onGo?: () => void }) {
  const here = destinationOf(usePathname())
  const entry = (item: Destination) => <Entry key={item.href} item={item} here={item === here} onGo={onGo} />
  return (
    <nav aria-label="Main" className="flex h-full flex-col overflow-auto px-2 pb-2">
      <Link
        href="/overview"
        onClick={onGo}
        className="flex h-(--top-h) shrink-0 items-center gap-2 px-2 text-[0.875rem] font-strong tracking-[-0.01em]"
      >
        <BrandMark className="h-[18px] w-5 shrink-0" />
        Sallyport
      </Link>
      {NAVIGATION.map((group) => (
        <div key={group.label ?? ''}>
          {group.label ? <h2 className="px-2 pt-4 pb-1 text-xs font-medium text-fg-3">{group.label}</h2> : null}
          {group.items.map(entry)}
        </div>
      ))}
      <div className="mt-auto pt-3">
        {entry(SETTINGS)}
        <div className="-mx-2 mt-2 -mb-2 flex items-center gap-2.5 border-t p-2 leading-[1.3]">
          <Face icon="person" round />
          <div className="min-w-0 flex-1">
            <div className="truncate font-medium">{viewer.name}</div>
            <div className="truncate text-xs text-fg-3">{viewer.roles}</div>
          </div>
          <SignOutButton />
        </div>
      </div>
    </nav>
  )
}

function Entry({ item, here, onGo }: { item: Destination; here: boolean; onGo: (() => void) | undefined }) {
  const waiting = useWaiting()
  return (
    <Link
      href={item.href}
      onClick={onGo}
      aria-current={here ? 'page' : undefined}
      className="flex h-[1.875rem] items-center gap-2.5 rounded-2 px-2 text-fg-2 transition-colors hover:bg-hover hover:text-fg aria-[current]:bg-selected aria-[current]:font-medium aria-[current]:text-fg aria-[current]:[&>.icon]:text-accent-text max-phone:h-11"
    >
      <Icon name={item.icon} />
      {item.label}
      {item.href === '/inbox' && waiting.count > 0 ? (
        <span className="ml-auto">
          <HeldCount count={waiting.count} />
        </span>
      ) : null}
    </Link>
  )
}
