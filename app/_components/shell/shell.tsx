import type { ReactNode } from 'react'
import { ReviewWatch } from '../reviews/review-watch'
import type { Waiting } from '../reviews/waiting'
import type { Theme } from '../theme'
import { ToastProvider } from '../ui/toast'
import { Nav, type Viewer } from './nav'
import { ShortcutsProvider } from './shortcuts'
import { TopBar } from './top-bar'

interface ShellProps {
  viewer: Viewer
  theme: Theme
  /** What waits for the viewer's decision. */
  waiting: Waiting
  children: ReactNode
}

/** The frame of every page behind the sign-in. */
export function Shell({ viewer, theme, waiting, children }: ShellProps) {
  return (
    <ShortcutsProvider>
      <ReviewWatch initial={waiting}>
        <ToastProvider>
          <a
            href="#main"
            className="sr-only rounded-2 bg-raised px-3 py-1.5 shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
          >
            Skip to the page
          </a>
          <div className="grid h-dvh grid-cols-[var(--nav-w)_minmax(0,1fr)] grid-rows-[var(--top-h)_minmax(0,1fr)] max-phone:grid-cols-[minmax(0,1fr)]">
            <div className="row-span-2 min-h-0 border-r bg-rail max-phone:hidden">
              <Nav viewer={viewer} />
            </div>
            <TopBar viewer={viewer} theme={theme} />
            <main id="main" tabIndex={-1} className="min-h-0 overflow-auto outline-none focus-visible:shadow-none">
              {children}
            </main>
          </div>
        </ToastProvider>
      </ReviewWatch>
    </ShortcutsProvider>
  )
}
