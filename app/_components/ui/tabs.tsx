'use client'
import { Tabs as RadixTabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from '../cn'

export interface Tab {
  readonly id: string
  readonly label: string
  /** A count or note in fainter type. */
  readonly note?: string
  readonly content: ReactNode
}

interface TabsProps {
  label: string
  tabs: readonly Tab[]
  value?: string
  onValueChange?: (id: string) => void
  /** At the right end of the bar. */
  end?: ReactNode
  barClassName?: string
}

/** Views of one thing. Arrow keys move between them. Uncontrolled unless `value` is given. */
export function Tabs({ label, tabs, value, onValueChange, end, barClassName }: TabsProps) {
  const first = tabs[0]?.id ?? ''
  const control = value === undefined ? { defaultValue: first } : { value, onValueChange }
  return (
    <RadixTabs.Root {...(control as { defaultValue: string })}>
      <div className={cn('flex border-b', barClassName)}>
        <RadixTabs.List aria-label={label} className="flex gap-4 overflow-x-auto">
          {tabs.map((tab) => (
            <RadixTabs.Trigger
              key={tab.id}
              value={tab.id}
              className="focus-inset -mb-px inline-flex h-9 items-center gap-1.5 whitespace-nowrap border-b-2 border-transparent font-medium text-fg-2 hover:text-fg data-[state=active]:border-accent data-[state=active]:text-fg"
            >
              {tab.label}
              {tab.note ? <span className="text-fg-3">{tab.note}</span> : null}
            </RadixTabs.Trigger>
          ))}
        </RadixTabs.List>
        {end ? <div className="ml-auto self-center text-sm text-fg-3">{end}</div> : null}
      </div>
      {tabs.map((tab) => (
        <RadixTabs.Content key={tab.id} value={tab.id} className="focus-inset">
          {tab.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  )
}
