'use client'
import { parseAsString, useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { Select } from '#ui/input'

interface FilterChoiceProps {
  /** Name in the URL. */
  name: string
  label: string
  /** What it says when nothing is chosen: "Any protocol". */
  any: string
  choices: readonly { readonly value: string; readonly label: string }[]
}

/** One of a few, kept in the URL. Choosing starts the list again from its first page. */
export function FilterChoice({ name, label, any, choices }: FilterChoiceProps) {
  const [busy, startTransition] = useTransition()
  const [values, set] = useQueryStates(
    { [name]: parseAsString, after: parseAsString },
    { shallow: false, history: 'push', startTransition },
  )
  return (
    <Select
      className="max-phone:order-1"
      quiet
      aria-label={label}
      aria-busy={busy}
      value={values[name] ?? ''}
      onChange={(event) => void set({ [name]: event.target.value || null, after: null })}
    >
      <option value="">{any}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </Select>
  )
}
