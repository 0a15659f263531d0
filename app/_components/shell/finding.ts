import type { IconName } from '../ui/icon'

/** Something the palette found: where it leads, and what it is. */
export interface Finding {
  readonly href: string
  readonly icon: IconName
  readonly label: string
  readonly note: string
}
