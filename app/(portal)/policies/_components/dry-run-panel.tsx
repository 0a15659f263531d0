'use client'
import { useState } from 'react'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Select } from '#ui/input'
import { grouped } from '../../../_components/numbers'
import { DryRunReport } from './dry-run-report'
import { useDryRun } from './use-dry-run'

interface DryRunPanelProps {
  connections: readonly string[]
  draft: { readonly name: string; readonly text: string }
}

const DAYS = ['1', '7', '30'] as const

/** What the text as it stands would have done to the traffic of the last days. */
export function DryRunPanel({ connections, draft }: DryRunPanelProps) {
  const [days, setDays] = useState<(typeof DAYS)[number]>('7')
  const [connection, setConnection] = useState('')
  const dryRun = useDryRun()
  const run = () =>
    dryRun.start({
      documents: [{ name: draft.name || 'unnamed', text: draft.text }],
      days: Number(days),
      ...(connection !== '' && { connection }),
    })
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-5 py-4 max-phone:px-4">
        <Select quiet aria-label="How far back" value={days} onChange={(event) => setDays(event.target.value as '7')}>
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {one === '1' ? 'Last day' : `Last ${one} days`}
            </option>
          ))}
        </Select>
        <Select
          quiet
          aria-label="Connection"
          value={connection}
          onChange={(event) => setConnection(event.target.value)}
        >
          <option value="">All connections</option>
          {connections.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
        {dryRun.state.kind === 'running' ? (
          <Button className="ml-auto" onClick={dryRun.cancel}>
            Cancel
          </Button>
        ) : (
          <Button className="ml-auto" onClick={run}>
            {dryRun.state.kind === 'done' ? 'Run again' : 'Run it'}
          </Button>
        )}
      </div>
      <div aria-live="polite" className="border-t">
        {dryRun.state.kind === 'idle' ? (
          <p className="px-5 py-4 text-fg-3 max-phone:px-4">
            Recorded statements are judged again, with this text instead of what is in force. Nothing is sent.
          </p>
        ) : null}
        {dryRun.state.kind === 'running' ? (
          <p role="status" className="px-5 py-4 text-fg-2 max-phone:px-4">
            {grouped(dryRun.state.judged)} statements judged…
          </p>
        ) : null}
        {dryRun.state.kind === 'failed' ? (
          <Callout kind="denied" title="The dry run did not finish." className="m-4">
            {dryRun.state.message}
          </Callout>
        ) : null}
        {dryRun.state.kind === 'done' ? (
          <DryRunReport result={dryRun.state.result} stale={dryRun.state.of !== draft.text} />
        ) : null}
      </div>
    </>
  )
}
