'use client'
import Link from 'next/link'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import type { SessionView } from './session'
import { SessionHeader } from './session-header'

/** The reader may know of this session but not see what was said in it. */
export function NotRecorded({ session, now }: { session: SessionView; now: number }) {
  return (
    <>
      <SessionHeader session={session} verification={null} now={now} />
      <div className="border-t px-5 py-4 max-phone:px-4">
        <Empty
          title="Not for your role"
          action={
            <Button asChild>
              <Link href="/sessions">Back to sessions</Link>
            </Button>
          }
        >
          Recordings are read by admins and auditors, and by whoever the session belongs to. Ask one of them for what
          you need from it.
        </Empty>
      </div>
    </>
  )
}
