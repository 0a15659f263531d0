'use client'
import { useState } from 'react'
import type { PolicyVersionItem } from '#lib/services/policies/list-versions'
import type { PolicyItem } from '#lib/services/policies/policy-item'
import { Callout } from '#ui/callout'
import { type Tab, Tabs } from '#ui/tabs'
import { useLive } from '../../../_components/use-live'
import { CedarText } from './cedar-text'
import { ChangeList } from './change-list'
import { ConflictPanel } from './conflict-panel'
import { DryRunPanel } from './dry-run-panel'
import type { ExplainChoices } from './explain-choices'
import { LazyEditor } from './lazy-editor'
import { OutlineList } from './outline-list'
import { policyOutline } from './policy-outline'
import { ProblemBar } from './problem-bar'
import { TryPanel } from './try-panel'
import { useDraft } from './use-draft'
import { WorkspaceHead } from './workspace-head'

interface WorkspaceProps {
  /** null: a new one. */
  document: PolicyItem | null
  /** What a new one starts from. */
  proposed: { readonly name: string; readonly text: string } | null
  /** Sets that changed it, newest first. */
  versions: readonly PolicyVersionItem[]
  /** Whom and what statements can be tried with. */
  choices: ExplainChoices
  mayWrite: boolean
  /** Dry runs look at recordings. */
  mayDryRun: boolean
  now: number
}

/** One document: its text under the cursor, what it does beside it. */
export function Workspace({ document, proposed, versions, choices, mayWrite, mayDryRun, now }: WorkspaceProps) {
  useLive('policies')
  const draft = useDraft({ document, proposed })
  const [goTo, setGoTo] = useState<{ line: number; at: number }>()
  const own = draft.problems?.filter(({ document: name }) => name === (draft.name.trim() || 'unnamed')) ?? []
  const outline = policyOutline(draft.name || 'unnamed', draft.text)
  const toLine = (line: number) => setGoTo({ line, at: Date.now() })
  const tabs: Tab[] = [
    { id: 'outline', label: 'What it does', content: <OutlineList outline={outline} onLine={toLine} /> },
    { id: 'try', label: 'Try it', content: <TryPanel choices={choices} draft={draft} /> },
  ]
  if (mayDryRun)
    tabs.push({
      id: 'dry-run',
      label: 'Dry run',
      content: <DryRunPanel connections={choices.connections} draft={draft} />,
    })
  if (document)
    tabs.push({
      id: 'versions',
      label: 'Versions',
      content: (
        <ChangeList
          own
          now={now}
          changes={versions.flatMap((version) =>
            version.changes.filter(({ name }) => name === document.name).map((change) => ({ ...change, version })),
          )}
        />
      ),
    })
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)] max-desk:h-auto">
      <WorkspaceHead draft={draft} document={document} mayWrite={mayWrite} now={now} />
      <div className="grid min-h-0 grid-cols-[minmax(0,1fr)_27rem] border-t max-desk:grid-cols-[minmax(0,1fr)]">
        <div className="grid min-h-0 min-w-0 grid-rows-[auto_minmax(0,1fr)_auto] max-desk:h-[70vh]">
          {draft.failure && !draft.theirs && draft.failure.field !== 'name' ? (
            <Callout kind="denied" title="Nothing was saved." className="m-3">
              {draft.failure.message}
            </Callout>
          ) : (
            <span />
          )}
          {mayWrite ? (
            <LazyEditor
              key={draft.round}
              label={`Text of ${draft.name || 'the new policy'}`}
              initial={draft.text}
              problems={own}
              goTo={goTo}
              onChange={draft.setText}
              onSubmit={draft.save}
            />
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also for whoever has no pointer
            <section aria-label={`Text of ${draft.name}`} tabIndex={0} className="focus-inset overflow-auto bg-code">
              <CedarText text={draft.text} className="rounded-none border-0" />
            </section>
          )}
          {mayWrite ? <ProblemBar draft={draft} onLine={toLine} /> : null}
        </div>
        <div className="min-h-0 overflow-auto border-l bg-panel max-desk:border-t max-desk:border-l-0">
          {draft.theirs ? (
            <ConflictPanel draft={draft} theirs={draft.theirs} now={now} />
          ) : (
            <Tabs label="About this policy" barClassName="px-5 max-phone:px-4 sticky top-0 bg-panel z-1" tabs={tabs} />
          )}
        </div>
      </div>
    </div>
  )
}
