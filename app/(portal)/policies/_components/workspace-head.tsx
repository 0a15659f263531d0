'use client'
import Link from 'next/link'
import type { PolicyItem } from '#lib/services/policies/policy-item'
import { Button } from '#ui/button'
import { CopyButton } from '#ui/copy'
import { Input } from '#ui/input'
import { RelativeTime } from '#ui/relative-time'
import { fieldMessage } from '../../../_components/field-message'
import { SubmitKeys } from '../../../_components/submit-keys'
import { DeletePolicy } from './delete-policy'
import type { Draft } from './use-draft'

interface WorkspaceHeadProps {
  draft: Draft
  document: PolicyItem | null
  mayWrite: boolean
  now: number
}

/** Its name, how it stands, and what can be done with it. */
export function WorkspaceHead({ draft, document, mayWrite, now }: WorkspaceHeadProps) {
  const blocked = (draft.problems?.length ?? 0) > 0
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-5 py-3 max-phone:px-4">
      {document ? (
        <>
          <h1 className="text-xl leading-[1.3] font-strong tracking-[-0.012em]">{document.name}</h1>
          <span className="text-fg-3">
            changed <RelativeTime at={document.updatedAt} now={now} /> by {document.updatedBy.name}
          </span>
        </>
      ) : (
        <NewName draft={draft} />
      )}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <CopyButton text={draft.text} label="Copy the text" words="Copy" />
        {mayWrite ? (
          <>
            {document ? (
              <>
                <Button asChild>
                  <Link href={`/policies/new?from=${document.name}`}>Duplicate</Link>
                </Button>
                <DeletePolicy name={document.name} />
              </>
            ) : (
              <Button asChild>
                <Link href="/policies/new">Other recipe</Link>
              </Button>
            )}
            <Button
              look="primary"
              disabled={draft.busy || !draft.dirty || blocked || draft.theirs !== null}
              onClick={draft.save}
            >
              {draft.busy ? 'Saving…' : document ? 'Save' : 'Create policy'}
              <SubmitKeys />
            </Button>
          </>
        ) : (
          <span className="text-sm text-fg-3">Policies are written by admins.</span>
        )}
      </div>
    </div>
  )
}

function NewName({ draft }: { draft: Draft }) {
  const wrong = draft.failure?.field === 'name' ? fieldMessage(draft.failure.message) : undefined
  return (
    <>
      <h1 className="sr-only">New policy</h1>
      <Input
        aria-label="Name of the policy"
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? 'policy-name-wrong' : undefined}
        className="w-72 max-phone:w-full"
        value={draft.name}
        placeholder="name-of-the-policy"
        autoComplete="off"
        spellCheck={false}
        maxLength={63}
        onChange={(event) => draft.setName(event.target.value)}
      />
      {wrong ? (
        <p id="policy-name-wrong" className="is-denied text-sm text-state">
          {wrong}
        </p>
      ) : null}
    </>
  )
}
