import type { ComponentProps } from 'react'
import { cn } from '../cn'

const BASE =
  'w-full min-w-0 rounded-2 border border-line-control bg-page text-fg placeholder:text-fg-3 placeholder:opacity-100 disabled:cursor-not-allowed disabled:border-line disabled:bg-panel disabled:text-fg-off aria-invalid:border-(--denied-mark)'

/** One line of text. Inside a Field it gets its label, hint and error from there. */
export function Input({ className, type, ...props }: ComponentProps<'input'>) {
  return (
    <input
      type={type ?? 'text'}
      className={cn(BASE, 'h-7 px-2.5 max-phone:h-9 max-phone:text-[1rem]', className)}
      {...props}
    />
  )
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(BASE, 'min-h-16 px-2.5 py-1.5 max-phone:text-[1rem]', className)} {...props} />
}

/** The browser's own select: right on a phone, right for a screen reader. `quiet` in a bar of filters. */
export function Select({ className, quiet, children, ...props }: ComponentProps<'select'> & { quiet?: true }) {
  return (
    <span className={cn('relative inline-flex min-w-0', className)}>
      <select
        className={cn(
          BASE,
          'h-7 appearance-none truncate pr-7 pl-2.5 max-phone:h-9',
          quiet && 'border-line-2 hover:border-line-control',
        )}
        {...props}
      >
        {children}
      </select>
      <svg
        className="icon icon-xs pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-fg-3"
        viewBox="0 0 16 16"
        aria-hidden="true"
      >
        <path d="m3.3 6.2 4.7 4.8 4.7-4.8" />
      </svg>
    </span>
  )
}

/** A checkbox with its words. */
export function Checkbox({ className, children, ...props }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className={cn('inline-flex items-center gap-2 max-phone:min-h-9', className)}>
      <input
        type="checkbox"
        className="peer grid size-[0.9375rem] shrink-0 appearance-none place-items-center rounded-1 border border-line-control bg-page checked:border-accent checked:bg-accent checked:before:h-2 checked:before:w-1 checked:before:-translate-y-px checked:before:rotate-45 checked:before:border-r-2 checked:before:border-b-2 checked:before:border-on-accent focus-visible:rounded-1 disabled:border-line disabled:bg-panel"
        {...props}
      />
      <span className="peer-disabled:text-fg-off">{children}</span>
    </label>
  )
}
