'use client'
import { type KeyboardEvent, useCallback, useSyncExternalStore } from 'react'
import { Kbd } from '#ui/kbd'

/** ⌘Enter (or Ctrl Enter) submits the form from any of its fields. Put the result on the form's `onKeyDown`. */
export function useSubmitKeys(): (event: KeyboardEvent<HTMLFormElement>) => void {
  return useCallback((event) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    event.currentTarget.requestSubmit()
  }, [])
}

const never = () => () => undefined

/** The two keys, as the reader's keyboard names them; hidden from assistive technology and on phones. */
export function SubmitKeys() {
  const apple = useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => true,
  )
  return (
    <span className="inline-flex gap-0.5 max-phone:hidden" aria-hidden="true">
      <Kbd className="border-current/30 bg-transparent text-current">{apple ? '⌘' : 'Ctrl'}</Kbd>
      <Kbd className="border-current/30 bg-transparent text-current">↵</Kbd>
    </span>
  )
}
