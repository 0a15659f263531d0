import type { IconName } from '../ui/icon'

export interface Destination {
  readonly href: string
  readonly label: string
  readonly icon: IconName
  /** Second key after `g`. */
  readonly key: string
}

export interface DestinationGroup {
  readonly label: string | null
  readonly items: readonly Destination[]
}

/** What the portal has, in the order of the navigation. */
export const NAVIGATION: readonly DestinationGroup[] = [
  {
    label: null,
    items: [
      { href: '/overview', label: 'Overview', icon: 'overview', key: 'o' },
      { href: '/inbox', label: 'Inbox', icon: 'inbox', key: 'i' },
      { href: '/sessions', label: 'Sessions', icon: 'sessions', key: 's' },
    ],
  },
  {
    label: 'Reach',
    items: [
      { href: '/connections', label: 'Connections', icon: 'plug', key: 'c' },
      { href: '/people', label: 'People and agents', icon: 'people', key: 'p' },
      { href: '/tokens', label: 'Access tokens', icon: 'key', key: 't' },
    ],
  },
  {
    label: 'Control',
    items: [
      { href: '/policies', label: 'Policies', icon: 'policy', key: 'l' },
      { href: '/grants', label: 'Grants', icon: 'unlock', key: 'r' },
      { href: '/audit', label: 'Audit log', icon: 'audit', key: 'a' },
    ],
  },
]

export const SETTINGS: Destination = { href: '/settings', label: 'Settings', icon: 'settings', key: 'e' }

export const DESTINATIONS: readonly Destination[] = [...NAVIGATION.flatMap((group) => group.items), SETTINGS]

/** The page that `pathname` belongs to. */
export function destinationOf(pathname: string): Destination | undefined {
  return DESTINATIONS.find(({ href }) => pathname === href || pathname.startsWith(`${href}/`))
}
