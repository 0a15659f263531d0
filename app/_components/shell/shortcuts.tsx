'use client'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'

export interface Shortcut {
  /** One key as `KeyboardEvent.key` names it, or two in a row: `g s`. */
  readonly keys: string
  /** What it does, for the list behind `?`. */
  readonly does: string
  readonly group: 'Everywhere' | 'Go to' | 'This page'
  readonly run: () => void
}

interface Registry {
  add(shortcut: Shortcut): () => void
  list(): readonly Shortcut[]
}

const Context = createContext<Registry>({ add: () => () => undefined, list: () => [] })

/** Keys that the page answers to. Off while somebody types, in dialogs, and wherever `data-keys="own"` has focus. */
export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [shortcuts] = useState(() => new Set<Shortcut>())
  const registry = useMemo<Registry>(
    () => ({
      add(shortcut) {
        shortcuts.add(shortcut)
        return () => shortcuts.delete(shortcut)
      },
      list: () => [...shortcuts],
    }),
    [shortcuts],
  )
  useEffect(() => {
    let first: { key: string; at: number } | undefined
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const pair = first && event.timeStamp - first.at < 1_200 ? `${first.key} ${event.key}` : undefined
      first = { key: event.key, at: event.timeStamp }
      const all = [...shortcuts].reverse()
      const hit = all.find(({ keys }) => keys === pair) ?? all.find(({ keys }) => keys === event.key)
      if (!hit) return
      event.preventDefault()
      first = undefined
      hit.run()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [shortcuts])
  return <Context.Provider value={registry}>{children}</Context.Provider>
}

/** Answers to `keys` while the component is on the page. Of two for the same keys the newer one wins. */
export function useShortcut({ keys, does, group, run }: Shortcut): void {
  const registry = useContext(Context)
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => registry.add({ keys, does, group, run: () => latest.current() }), [registry, keys, does, group])
}

export function useShortcutList(): () => readonly Shortcut[] {
  return useContext(Context).list
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="dialog"], [data-keys="own"]')) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
