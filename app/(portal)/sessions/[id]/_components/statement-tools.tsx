'use client'
import { debounce, useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { Input } from '#ui/input'
import { type Choice, Segmented } from '#ui/segmented'
import { replayParams } from './replay-params'
import type { SessionView } from './session'

type VerdictChoice = 'any' | 'held' | 'refused' | 'failed'

/** Search and verdict of the statement table, both in the address. */
export function StatementTools({ session }: { session: SessionView }) {
  const [, startTransition] = useTransition()
  const [params, set] = useQueryStates(replayParams, { history: 'replace', startTransition })
  const choices: readonly Choice<VerdictChoice>[] = [
    { value: 'any', label: 'All', count: session.operations },
    { value: 'held', label: 'Held', count: session.held },
    { value: 'refused', label: 'Denied', count: session.refused },
    { value: 'failed', label: 'Failed', count: session.failed },
  ]
  return (
    <search className="flex items-center gap-2 px-5 py-2 max-phone:flex-wrap max-phone:px-4">
      <Input
        type="search"
        data-search
        aria-label="Search in this session"
        placeholder="Search in this session"
        className="w-60 border-line-2 hover:border-line-control max-phone:w-full"
        defaultValue={params.q}
        maxLength={200}
        onChange={(event) => void set({ q: event.target.value || null }, { limitUrlUpdates: debounce(200) })}
      />
      <Segmented
        label="Verdict"
        choices={choices}
        value={params.verdict ?? 'any'}
        onChange={(value) => void set({ verdict: value === 'any' ? null : value })}
      />
      <span className="ml-auto text-fg-3 max-desk:hidden">
        {session.endedAt === null ? 'New statements arrive below' : null}
      </span>
    </search>
  )
}
