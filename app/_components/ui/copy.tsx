'use client'
import { useEffect, useState } from 'react'
import { cn } from '../cn'
import { Button } from './button'
import { Icon } from './icon'

/** Puts text on the clipboard and says so for a moment. `label` is what it copies: "Copy the statement". */
export function CopyButton({ text, label, words }: { text: string; label: string; words?: string }) {
  const { copied, copy } = useCopy(text)
  return (
    <Button
      look="bare"
      size={words ? 'sm' : 'icon'}
      aria-label={words ? undefined : label}
      title={label}
      onClick={copy}
    >
      <Icon name={copied ? 'check' : 'copy'} size="sm" />
      {words ? (copied ? 'Copied' : words) : null}
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </Button>
  )
}

/** An id as text that copies itself. */
export function CopyId({ id, className }: { id: string; className?: string }) {
  const { copied, copy } = useCopy(id)
  return (
    <button
      type="button"
      onClick={copy}
      title={`Copy ${id}`}
      className={cn(
        'group inline-flex max-w-full items-center gap-1 rounded-1 font-mono text-sm text-fg-2 hover:text-fg',
        className,
      )}
    >
      <span className="truncate">{id}</span>
      <Icon
        name={copied ? 'check' : 'copy'}
        size="xs"
        className={cn('text-fg-3 group-hover:text-fg', copied && 'is-allowed text-state')}
      />
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}

function useCopy(text: string) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return { copied, copy }
}
