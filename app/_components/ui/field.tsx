import { cloneElement, type ReactElement, type ReactNode, useId } from 'react'
import { cn } from '../cn'
import { Icon } from './icon'

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  className?: string
  /** One Input, Textarea or Select; it is given its id and what describes it. */
  children: ReactElement<{ id?: string; 'aria-describedby'?: string | undefined; 'aria-invalid'?: true | undefined }>
}

/** A control with its label, what it wants, and what is wrong with what it has. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const hintId = hint ? `${id}-hint` : ''
  const errorId = error ? `${id}-error` : ''
  return (
    <div className={cn('grid content-start gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {cloneElement(children, {
        id,
        'aria-describedby': `${errorId} ${hintId}`.trim() || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error ? (
        <p id={errorId} className="is-denied flex items-start gap-1.5 text-sm text-state">
          <Icon name="x" size="sm" className="mt-0.5" />
          {error}
        </p>
      ) : null}
      {hint ? (
        <p id={hintId} className="text-sm text-fg-3">
          {hint}
        </p>
      ) : null}
    </div>
  )
}
