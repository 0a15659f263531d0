'use client'
import Link from 'next/link'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { Icon } from '#ui/icon'
import { useLive } from '../../../_components/use-live'

/** Nothing yet, or nothing that matches. The first session appears by itself. */
export function NoSessions({ filters, live }: { filters: number; live: boolean }) {
  useLive('sessions')
  if (filters > 0) {
    return (
      <div className="px-5 py-2 max-phone:px-4">
        <Empty
          title={live && filters === 1 ? 'Nobody is connected' : 'Nothing matches'}
          action={
            <Button asChild>
              <Link href="/sessions">{filters === 1 ? 'Show all sessions' : `Clear ${filters} filters`}</Link>
            </Button>
          }
        >
          {live && filters === 1
            ? 'A session that starts appears here at once.'
            : `No session fits ${filters === 1 ? 'the filter' : filters === 2 ? 'both filters' : `all ${filters} filters`}.`}
        </Empty>
      </div>
    )
  }
  return (
    <div className="px-5 py-2 max-phone:px-4">
      <Empty
        title="No sessions yet"
        action={
          <Button asChild look="primary">
            <Link href="/tokens?mint=me">
              <Icon name="key" size="sm" />
              Create a token
            </Link>
          </Button>
        }
      >
        Create a token, paste the snippet of a connection into a terminal; the session appears here at once. You see
        your own sessions and those of agents you answer for; admins and auditors see all.
      </Empty>
    </div>
  )
}
