'use client'
import { useState } from 'react'
import type { ExplainedDecision } from '#lib/services/policies/explain'
import type { ExplainChoices } from './explain-choices'
import { ExplainForm } from './explain-form'
import { Explained } from './explained'

interface ExplainViewProps {
  choices: ExplainChoices
  initial: { readonly principalId: string | undefined; readonly connection: string | undefined }
}

/** The question at the left, the answer at the right. */
export function ExplainView({ choices, initial }: ExplainViewProps) {
  const [explained, setExplained] = useState<ExplainedDecision>()
  return (
    <div className="grid grid-cols-[26rem_minmax(0,1fr)] max-desk:grid-cols-[minmax(0,1fr)]">
      <div className="px-5 py-4 max-phone:px-4">
        <ExplainForm choices={choices} initial={initial} onExplained={setExplained} />
      </div>
      <div className="min-w-0 border-l max-desk:border-t max-desk:border-l-0">
        {explained ? (
          <Explained explained={explained} />
        ) : (
          <p className="px-5 py-4 text-fg-3 max-phone:px-4">
            The decision, the policies that made it and the facts they went by stand here.
          </p>
        )}
      </div>
    </div>
  )
}
