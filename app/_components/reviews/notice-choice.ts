'use client'
import { useSyncExternalStore } from 'react'

const KEY = 'sallyport.notices'
const CHANGED = 'sallyport:notices'

export type NoticeChoice = 'on' | 'off' | 'blocked' | 'impossible'

/** What the reader chose, as far as the browser goes along. */
function choice(): NoticeChoice {
  if (!('Notification' in window)) return 'impossible'
  if (Notification.permission === 'denied') return 'blocked'
  return Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on' ? 'on' : 'off'
}

export const wantsNotices = (): boolean => choice() === 'on'

export function useNoticeChoice(): NoticeChoice {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener(CHANGED, changed)
      window.addEventListener('storage', changed)
      return () => {
        window.removeEventListener(CHANGED, changed)
        window.removeEventListener('storage', changed)
      }
    },
    choice,
    () => 'off' as const,
  )
}

/** Asks the browser when it has to. */
export async function chooseNotices(wanted: 'on' | 'off'): Promise<void> {
  if (wanted === 'on') await Notification.requestPermission()
  localStorage.setItem(KEY, wanted)
  window.dispatchEvent(new Event(CHANGED))
}
