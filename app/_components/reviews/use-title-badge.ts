'use client'
import { useEffect } from 'react'
import { badgedTitle } from './waiting'

/** Keeps the number in front of the page's title, also when the title changes with the page. */
export function useTitleBadge(count: number): void {
  useEffect(() => {
    const put = () => {
      const wanted = badgedTitle(document.title, count)
      if (document.title !== wanted) document.title = wanted
    }
    put()
    const changes = new MutationObserver(put)
    changes.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => changes.disconnect()
  }, [count])
}
