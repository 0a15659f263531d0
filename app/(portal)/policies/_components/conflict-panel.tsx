import type { PolicyItem } from '#lib/services/policies/policy-item'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { Diff } from './diff'
import type { Draft } from './use-draft'

interface ConflictPanelProps {
  draft: Draft
  theirs: PolicyItem
  now: number
}

/** Two people changed one document: whose text goes on is for the later one to say. Nothing is lost meanwhile. */
export function ConflictPanel({ draft, theirs, now }: ConflictPanelProps) {
  return (
    <Section title="Somebody else saved meanwhile">
      <Callout kind="held" title={`${theirs.updatedBy.name} changed this document`}>
        <RelativeTime at={theirs.updatedAt} now={now} />. Nothing of yours was saved, and nothing of it is lost: your
        text is still in the editor.
      </Callout>
      <h3 className="mt-4 mb-2 text-sm font-strong">From theirs to yours</h3>
      <Diff before={theirs.text} after={draft.text} />
      <div className="mt-4 flex flex-wrap gap-2">
        <Button onClick={draft.takeTheirs}>Take theirs</Button>
        <Button onClick={draft.keepMine}>Go on with mine</Button>
      </div>
      <p className="mt-2 text-sm text-fg-3">Yours replaces theirs once you save. Both stay under Versions.</p>
    </Section>
  )
}
