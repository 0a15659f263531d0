'use client'
import { useState, useTransition } from 'react'
import type { PolicyVersionItem } from '#lib/services/policies/list-versions'
import { Callout } from '#ui/callout'
import { Icon } from '#ui/icon'
import { RelativeTime } from '#ui/relative-time'
import { versionHere } from '../actions'
import type { DocumentVersion } from '../load'
import { Diff } from './diff'

/** One document that one set changed. */
interface PolicyChange {
  readonly action: 'create' | 'update' | 'delete'
  readonly name: string
  readonly version: PolicyVersionItem
}

const WORDS = { create: 'Created', update: 'Changed', delete: 'Deleted' } as const

interface ChangeListProps {
  changes: readonly PolicyChange[]
  now: number
  /** All of one document: its name need not be said. */
  own?: true
}

/** What changed, by whom and when; each opens to show the lines. */
export function ChangeList({ changes, now, own }: ChangeListProps) {
  return (
    <ol>
      {changes.map((change) => (
        <Change key={`${change.version.version} ${change.name}`} change={change} now={now} {...(own && { own })} />
      ))}
    </ol>
  )
}

function Change({ change, now, own }: { change: PolicyChange; now: number; own?: true }) {
  const { version, name, action } = change
  const [open, setOpen] = useState(false)
  const [document, setDocument] = useState<DocumentVersion>()
  const [error, setError] = useState<string>()
  const [busy, start] = useTransition()
  const toggle = () => {
    setOpen(!open)
    if (open || document) return
    start(async () => {
      const read = await versionHere(name, version.version)
      if (read.ok) setDocument(read.value)
      else setError(read.message)
    })
  }
  return (
    <li className="border-b">
      <button
        type="button"
        aria-expanded={open}
        aria-busy={busy}
        onClick={toggle}
        className="focus-inset flex w-full items-center gap-2.5 px-5 py-2.5 text-left hover:bg-hover max-phone:px-4"
      >
        <Icon name={open ? 'down' : 'fwd'} size="sm" className="text-fg-3" />
        <span className="min-w-0 flex-1">
          {WORDS[action]} {own ? null : <b className="font-medium">{name}</b>}{' '}
          <span className="text-fg-2">by {version.changedBy.name}</span>
        </span>
        <span className="text-sm text-fg-3">version {version.version}</span>
        <RelativeTime at={version.changedAt} now={now} className="w-24 text-right text-sm text-fg-2" />
      </button>
      {open && error ? (
        <Callout kind="denied" title="It could not be read." className="mx-5 mb-3">
          {error}
        </Callout>
      ) : null}
      {open && document ? (
        <div className="px-5 pb-4 max-phone:px-4">
          <Diff before={document.before} after={document.after} />
        </div>
      ) : null}
    </li>
  )
}
