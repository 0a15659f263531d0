'use client'
import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { splitUnseen } from '../unseen'
import { wantsNotices } from './notice-choice'
import { arrivals, type Waiting } from './waiting'

/** Tells the desktop of what arrived, while the portal is out of sight and the reader wants to be told. */
export function useDesktopNotices(): (before: Waiting, after: Waiting) => void {
  const router = useRouter()
  return useCallback(
    (before, after) => {
      if (!wantsNotices() || document.visibilityState === 'visible') return
      for (const { id, title, who, connection } of arrivals(before, after)) {
        const notice = new Notification(`${plain(who)} is waiting for approval`, {
          body: `${plain(title)} on ${connection}`,
          tag: id,
        })
        notice.onclick = () => {
          window.focus()
          router.push(`/inbox?open=${id}`)
          notice.close()
        }
      }
    },
    [router],
  )
}

/** Names come from the requester: what cannot be seen is spelled out here, too. */
function plain(text: string): string {
  return splitUnseen(text)
    .map((piece) => piece.code ?? piece.text)
    .join('')
}
