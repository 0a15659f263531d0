'use client'
import { debounce, useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { Button } from '#ui/button'
import { Icon } from '#ui/icon'
import { Input, Select } from '#ui/input'
import { Segmented } from '#ui/segmented'
import { countFilters, sessionParams } from './session-filter'

interface SessionFiltersProps {
  /** Names to choose from, as far as the reader may see them. */
  connections: readonly string[]
}

const STATE_CHOICES = [
  { value: 'any', label: 'All' },
  { value: 'live', label: 'Live' },
  { value: 'ended', label: 'Ended' },
] as const

/** The filters of the list. All of them are in the address, so that a view can be sent to somebody. */
export function SessionFilters({ connections }: SessionFiltersProps) {
  const [busy, startTransition] = useTransition()
  const [filter, set] = useQueryStates(sessionParams, { shallow: false, history: 'push', startTransition })
  const set1 = (name: 'verdict' | 'connection' | 'span') => (event: React.ChangeEvent<HTMLSelectElement>) =>
    void set({ [name]: event.target.value || null })
  const count = countFilters(filter)
  return (
    <search aria-busy={busy} className="flex flex-wrap items-center gap-2 max-phone:w-full">
      <div className="relative max-phone:w-full">
        <Icon
          name="search"
          size="sm"
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-3"
        />
        <Input
          type="search"
          data-search
          aria-label="Search sessions"
          placeholder="Name, connection, address, id"
          defaultValue={filter.q}
          key={filter.q === '' ? 'empty' : 'text'}
          maxLength={200}
          className="w-60 border-line-2 pl-8 hover:border-line-control max-phone:w-full [&::-webkit-search-cancel-button]:hidden"
          onChange={(event) =>
            void set({ q: event.target.value || null }, { history: 'replace', limitUrlUpdates: debounce(220) })
          }
        />
      </div>
      <Segmented
        label="State"
        choices={STATE_CHOICES}
        value={filter.state ?? 'any'}
        onChange={(value) => void set({ state: value === 'any' ? null : value })}
      />
      <Select quiet aria-label="Verdict" value={filter.verdict ?? ''} onChange={set1('verdict')}>
        <option value="">Any verdict</option>
        <option value="held">With held</option>
        <option value="refused">With denied</option>
        <option value="failed">With failed</option>
      </Select>
      <Select
        quiet
        aria-label="Connection"
        value={filter.connection ?? ''}
        onChange={set1('connection')}
        className="max-w-44"
      >
        <option value="">Any connection</option>
        {connections.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
      <Select quiet aria-label="Started" value={filter.span ?? ''} onChange={set1('span')}>
        <option value="">Any time</option>
        <option value="1">Last hour</option>
        <option value="24">Last 24 hours</option>
        <option value="168">Last 7 days</option>
        <option value="720">Last 30 days</option>
      </Select>
      {count > 0 ? (
        <Button
          look="bare"
          onClick={() => void set(null)}
          title={filter.principal ? `Also lifts the filter on ${filter.principal}` : undefined}
        >
          <Icon name="x" size="sm" />
          Clear {count}
        </Button>
      ) : null}
    </search>
  )
}
