'use client'
import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { Icon, type IconName } from '../ui/icon'
import { Kbd } from '../ui/kbd'
import type { Finding } from './finding'
import { DESTINATIONS } from './navigation'
import { useShortcut } from './shortcuts'
import { applyTheme } from './theme'
import { useFindings } from './use-findings'

/** Search and commands, behind ⌘K or Ctrl-K. The button in the top bar opens it. */
export function Palette() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      setOpen((was) => !was)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  useShortcut({
    keys: '/',
    does: 'Search on this page, or everywhere',
    group: 'Everywhere',
    run: () => focusSearch(setOpen),
  })
  return (
    <>
      <button
        type="button"
        aria-label="Search or run a command"
        onClick={() => setOpen(true)}
        className="ml-auto flex h-7 w-[17rem] items-center gap-2 rounded-2 border border-line-2 bg-panel pr-1.5 pl-2 text-left text-fg-3 hover:border-line-control max-desk:w-56 max-phone:grid max-phone:size-9 max-phone:place-items-center max-phone:border-0 max-phone:bg-transparent max-phone:p-0"
      >
        <Icon name="search" />
        <span className="max-phone:hidden">Search or run a command</span>
        <span className="ml-auto flex gap-1 max-desk:hidden">
          <Kbd>⌘</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-3 bg-raised shadow-float outline-none"
          >
            <Dialog.Title className="sr-only">Search or run a command</Dialog.Title>
            <Commands close={() => setOpen(false)} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      {DESTINATIONS.map((page) => (
        <GoTo key={page.href} href={page.href} label={page.label} keys={`g ${page.key}`} />
      ))}
    </>
  )
}

/** A page with its own search gets the focus there; any other opens the palette. */
function focusSearch(openPalette: (open: boolean) => void): void {
  const search = document.querySelector<HTMLInputElement>('main input[data-search]')
  if (search) {
    search.focus()
    search.select()
  } else openPalette(true)
}

function GoTo({ href, label, keys }: { href: string; label: string; keys: string }) {
  const router = useRouter()
  useShortcut({ keys, does: label, group: 'Go to', run: () => router.push(href) })
  return null
}

function Commands({ close }: { close: () => void }) {
  const router = useRouter()
  const [query, setQuery] = useState('')
  const findings = useFindings(query)
  const go = (href: string) => () => {
    close()
    router.push(href)
  }
  const theme = (value: 'light' | 'dark' | 'system') => () => {
    applyTheme(value)
    close()
    router.refresh()
  }
  return (
    <Command label="Search or run a command" loop>
      <div className="flex h-11 items-center gap-2 border-b px-4">
        <Icon name="search" className="text-fg-3" />
        <Command.Input
          value={query}
          onValueChange={setQuery}
          placeholder="Search or run a command"
          className="h-full w-full bg-transparent outline-none placeholder:text-fg-3 focus-visible:shadow-none max-phone:text-[1rem]"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="max-h-[min(24rem,60vh)] overflow-auto pb-1">
        <Command.Empty className="px-4 py-6 text-center text-fg-2">Nothing is called that.</Command.Empty>
        {findings.length > 0 ? (
          <Group label="Found">
            {findings.map((finding) => (
              <Found key={finding.href} finding={finding} query={query} onSelect={go(finding.href)} />
            ))}
          </Group>
        ) : null}
        <Group label="Go to">
          {DESTINATIONS.map((page) => (
            <Item
              key={page.href}
              icon={page.icon}
              label={page.label}
              keys={`G ${page.key.toUpperCase()}`}
              onSelect={go(page.href)}
            />
          ))}
        </Group>
        <Group label="Do">
          <Item icon="plus" label="Add connection" onSelect={go('/connections?add=1')} />
          <Item icon="live" label="Show live sessions" onSelect={go('/sessions?state=live')} />
          <Item icon="held" label="Show what waits for approval" onSelect={go('/inbox')} />
          <Item icon="history" label="Show decided reviews" onSelect={go('/inbox?tab=decided')} />
          <Item icon="policy" label="New policy" onSelect={go('/policies/new')} />
          <Item icon="help" label="Explain a decision" onSelect={go('/policies/explain')} />
          <Item icon="denied" label="Show refused statements" onSelect={go('/sessions?verdict=refused')} />
          <Item icon="sun" label="Light theme" onSelect={theme('light')} />
          <Item icon="moon" label="Dark theme" onSelect={theme('dark')} />
          <Item icon="monitor" label="Theme as the system" onSelect={theme('system')} />
        </Group>
      </Command.List>
    </Command>
  )
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={label}
      className="[&_[cmdk-group-heading]]:px-4 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-fg-3"
    >
      {children}
    </Command.Group>
  )
}

interface ItemProps {
  icon: IconName
  label: string
  note?: string
  keys?: string
  value?: string
  onSelect: () => void
}

function Item({ icon, label, note, keys, value, onSelect }: ItemProps) {
  return (
    <Command.Item
      value={value ?? label}
      onSelect={onSelect}
      className="mx-1 flex h-[2.125rem] items-center gap-2.5 rounded-2 px-3 select-none data-[selected=true]:bg-selected max-phone:h-11"
    >
      <Icon name={icon} className="text-fg-3" />
      <span className="truncate">{label}</span>
      {note ? <span className="truncate text-fg-3">{note}</span> : null}
      {keys ? (
        <span className="ml-auto flex gap-1 max-phone:hidden">
          {keys.split(' ').map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      ) : null}
    </Command.Item>
  )
}

/** What the server found matches by its own rules: the query in its value keeps the list from dropping it. */
function Found({ finding, query, onSelect }: { finding: Finding; query: string; onSelect: () => void }) {
  return (
    <Item
      icon={finding.icon}
      label={finding.label}
      note={finding.note}
      value={`${query} ${finding.href}`}
      onSelect={onSelect}
    />
  )
}
