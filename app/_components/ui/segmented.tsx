'use client'
import { cn } from '../cn'
import { grouped } from '../numbers'

export interface Choice<T extends string> {
  readonly value: T
  readonly label: string
  readonly count?: number | undefined
}

interface SegmentedProps<T extends string> {
  label: string
  choices: readonly Choice<T>[]
  value: T
  onChange: (value: T) => void
  className?: string
}

/** One of a few, all visible. For more than five, or long words, use Select. */
export function Segmented<T extends string>({ label, choices, value, onChange, className }: SegmentedProps<T>) {
  return (
    <fieldset
      aria-label={label}
      className={cn(
        'inline-flex gap-0.5 rounded-2 bg-hover p-0.5 shadow-[inset_0_0_0_1px_var(--line-1)] max-phone:w-full',
        className,
      )}
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
          className="inline-flex h-6 items-center justify-center gap-[0.3125rem] whitespace-nowrap rounded-[4px] px-2.5 font-medium text-fg-2 hover:text-fg aria-pressed:bg-raised aria-pressed:text-fg aria-pressed:shadow-[0_0_0_1px_var(--line-2),var(--elevation-1)] focus-visible:shadow-(--focus-ring)! max-phone:h-8 max-phone:flex-1 max-phone:px-1"
        >
          {choice.label}
          {choice.count === undefined ? null : (
            <span className={choice.value === value ? 'text-fg-2' : 'text-fg-3'}>{grouped(choice.count)}</span>
          )}
        </button>
      ))}
    </fieldset>
  )
}
