'use client'
import { debounce, parseAsString, useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { Icon } from '#ui/icon'
import { Input } from '#ui/input'

/** Free text of a list, kept in the URL as `q`. `/` focuses it; typing starts the list again from its first page. */
export function FilterText({ label }: { label: string }) {
  const [busy, startTransition] = useTransition()
  const [{ q }, set] = useQueryStates(
    { q: parseAsString.withDefault(''), after: parseAsString },
    { shallow: false, history: 'replace', startTransition },
  )
  return (
    <search className="relative w-56 max-phone:order-1 max-phone:w-full">
      <Icon
        name="search"
        size="sm"
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-3"
      />
      <Input
        data-search
        type="search"
        aria-label={label}
        aria-busy={busy}
        placeholder={label}
        value={q}
        maxLength={200}
        className="border-line-2 pl-8 hover:border-line-control [&::-webkit-search-cancel-button]:hidden"
        onChange={(event) =>
          void set({ q: event.target.value || null, after: null }, { limitUrlUpdates: debounce(200) })
        }
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            void set({ q: null, after: null })
            event.currentTarget.blur()
          }
        }}
      />
    </search>
  )
}
