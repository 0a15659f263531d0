import type { ReactNode } from 'react'
import { cn } from '../cn'
import type { IconName } from './icon'
import { Icon } from './icon'
import { PanelClose } from './panel-close'

interface SidePanelProps {
  icon: IconName
  title: string
  /** Where closing leads: the same page without the panel. */
  closeHref: string
  /** Buttons beside the title. */
  actions?: ReactNode
  /** One line under the title. */
  about?: ReactNode
  children: ReactNode
}

/** What a row opens. Its state is in the URL; on a narrow screen it takes the page. Escape closes it. */
export function SidePanel({ icon, title, closeHref, actions, about, children }: SidePanelProps) {
  return (
    <aside
      aria-label={title}
      className="min-h-0 min-w-0 overflow-auto border-l bg-panel max-desk:fixed max-desk:inset-0 max-desk:top-(--top-h) max-desk:z-20 max-desk:border-l-0 [&_section]:px-4"
    >
      <div className="border-b px-4 py-3 has-[+section]:border-b-0">
        <div className="flex items-center gap-2">
          <Icon name={icon} />
          <h2 className="min-w-0 truncate text-lg font-strong tracking-[-0.01em]">{title}</h2>
          <span className="ml-auto flex shrink-0 items-center gap-2">
            {actions}
            <PanelClose href={closeHref} />
          </span>
        </div>
        {about ? <div className="mt-1 text-sm text-fg-2">{about}</div> : null}
      </div>
      {children}
    </aside>
  )
}

/** A list with room for a panel beside it. Without a panel the list has the whole width. */
export function Split({ panel, className, children }: { panel?: ReactNode; className?: string; children: ReactNode }) {
  return (
    <div
      className={cn(
        'grid h-full min-h-0',
        panel ? 'desk:grid-cols-[minmax(0,1fr)_27rem]' : 'grid-cols-[minmax(0,1fr)]',
        className,
      )}
    >
      <div className="min-h-0 min-w-0 overflow-auto">{children}</div>
      {panel}
    </div>
  )
}
