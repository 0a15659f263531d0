'use client'
import { type KeyboardEvent, useId, useState } from 'react'
import { cn } from '../cn'
import { Icon } from './icon'

interface ListInputProps {
  id?: string
  'aria-describedby'?: string | undefined
  'aria-invalid'?: true | undefined
  values: readonly string[]
  onChange: (values: readonly string[]) => void
  placeholder: string
  /** What one entry is, for the buttons: "group". */
  noun: string
  /** Offered while typing. */
  suggestions?: readonly string[]
}

/** A set of short texts. Enter or a comma adds one, Backspace in the empty field takes the last one back. */
export function ListInput({ values, onChange, placeholder, noun, suggestions = [], ...field }: ListInputProps) {
  const [draft, setDraft] = useState('')
  const listId = useId()
  const add = (text: string) => {
    const added = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '' && !values.includes(part))
    if (added.length > 0) onChange([...values, ...new Set(added)])
    setDraft('')
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' || event.key === ',') && !event.metaKey && !event.ctrlKey && draft.trim() !== '') {
      event.preventDefault()
      add(draft)
    } else if (event.key === 'Backspace' && draft === '') {
      onChange(values.slice(0, -1))
    }
  }
  return (
    <div
      className={cn(
        'flex min-h-7 flex-wrap items-center gap-1 rounded-2 border border-line-control bg-page px-1 py-[0.1875rem] focus-within:shadow-[var(--focus-ring)] max-phone:min-h-9',
        field['aria-invalid'] && 'border-(--denied-mark)',
      )}
    >
      {values.map((value) => (
        <span
          key={value}
          className="inline-flex h-5 max-w-full items-center gap-0.5 rounded-1 bg-hover pl-1.5 font-mono text-xs text-fg"
        >
          <span className="truncate">{value}</span>
          <button
            type="button"
            aria-label={`Remove ${noun} ${value}`}
            onClick={() => onChange(values.filter((other) => other !== value))}
            className="grid size-5 shrink-0 place-items-center rounded-1 text-fg-3 hover:text-fg"
          >
            <Icon name="x" size="xs" />
          </button>
        </span>
      ))}
      <input
        {...field}
        value={draft}
        list={suggestions.length > 0 ? listId : undefined}
        placeholder={values.length === 0 ? placeholder : ''}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => draft.trim() !== '' && add(draft)}
        className="h-5 min-w-24 flex-1 bg-transparent px-1.5 text-md placeholder:text-fg-3 placeholder:opacity-100 focus-visible:shadow-none [&::-webkit-calendar-picker-indicator]:hidden! max-phone:text-[1rem]"
      />
      <datalist id={listId}>
        {suggestions
          .filter((suggestion) => !values.includes(suggestion))
          .map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
      </datalist>
    </div>
  )
}
