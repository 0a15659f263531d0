'use client'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { Kbd } from '../ui/kbd'
import { type Shortcut, useShortcut, useShortcutList } from './shortcuts'

const GROUPS = ['This page', 'Everywhere', 'Go to'] as const
const NAMES: Readonly<Record<string, string>> = { Enter: '↵', Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑', Meta: '⌘' }

/** The `?` button of the top bar and the list behind it. */
export function ShortcutsButton() {
  const [shown, setShown] = useState<readonly Shortcut[]>()
  const list = useShortcutList()
  const open = () => setShown(list())
  useShortcut({ keys: '?', does: 'Show this list', group: 'Everywhere', run: open })
  return (
    <>
      <Button
        look="bare"
        size="icon"
        className="max-phone:hidden"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={open}
      >
        <Icon name="help" />
      </Button>
      <Dialog
        open={shown !== undefined}
        onOpenChange={(next) => (next ? open() : setShown(undefined))}
        title="Keyboard shortcuts"
        about="They rest while you type."
      >
        <div className="grid gap-4">
          {GROUPS.map((group) => (
            <Group key={group} group={group} shortcuts={(shown ?? []).filter((shortcut) => shortcut.group === group)} />
          ))}
        </div>
      </Dialog>
    </>
  )
}

function Group({ group, shortcuts }: { group: string; shortcuts: readonly Shortcut[] }) {
  if (shortcuts.length === 0) return null
  return (
    <section>
      <h3 className="text-xs font-medium text-fg-3">{group}</h3>
      <dl className="mt-1">
        {shortcuts.map((shortcut) => (
          <div key={shortcut.keys} className="flex h-[1.875rem] items-center border-t first:border-0">
            <dt>{shortcut.does}</dt>
            <dd className="ml-auto flex gap-1">
              {shortcut.keys.split(' ').map((key) => (
                <Kbd key={key}>{NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
