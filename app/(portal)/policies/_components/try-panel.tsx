'use client'
import { useState } from 'react'
import type { ExplainedDecision } from '#lib/services/policies/explain'
import type { ExplainChoices } from './explain-choices'
import { ExplainForm } from './explain-form'
import { Explained } from './explained'

interface TryPanelProps {
  choices: ExplainChoices
  draft: { readonly name: string; readonly text: string }
}

/** One statement against the text as it stands in the editor. */
export function TryPanel({ choices, draft }: TryPanelProps) {
  const [explained, setExplained] = useState<{ readonly of: string; readonly decision: ExplainedDecision }>()
  return (
    <>
      <div className="px-5 py-4 max-phone:px-4">
        <ExplainForm
          choices={choices}
          initial={{ principalId: undefined, connection: undefined }}
          draft={draft}
          onExplained={(decision) => setExplained({ of: draft.text, decision })}
        />
      </div>
      {explained ? (
        <div className="border-t">
          {explained.of === draft.text ? null : (
            <p className="px-5 pt-3 text-sm text-fg-3 max-phone:px-4">The text changed since: explain again.</p>
          )}
          <Explained explained={explained.decision} />
        </div>
      ) : null}
    </>
  )
}
