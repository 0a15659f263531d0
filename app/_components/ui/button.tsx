import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from '../cn'

const buttonClass = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-2 border font-medium transition-colors select-none disabled:cursor-not-allowed disabled:border-line disabled:bg-panel disabled:text-fg-off disabled:shadow-none aria-disabled:cursor-not-allowed max-phone:min-h-9',
  {
    variants: {
      look: {
        plain:
          'border-line-2 bg-raised text-fg shadow-1 hover:enabled:border-line-control hover:enabled:bg-hover [a&]:hover:border-line-control [a&]:hover:bg-hover',
        primary:
          'border-accent bg-accent text-on-accent shadow-1 hover:enabled:bg-accent-hover [a&]:hover:bg-accent-hover',
        danger:
          'border-line-2 bg-raised is-denied text-state shadow-1 hover:enabled:border-line-control hover:enabled:bg-hover',
        bare: 'border-transparent bg-transparent text-fg-2 hover:enabled:bg-hover hover:enabled:text-fg disabled:border-transparent disabled:bg-transparent [a&]:hover:bg-hover [a&]:hover:text-fg',
      },
      size: {
        sm: 'h-6 px-2 text-sm',
        md: 'h-7 px-2.5',
        lg: 'h-9 px-4',
        icon: 'size-7 max-phone:size-9',
      },
    },
    defaultVariants: { look: 'plain', size: 'md' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonClass> & { asChild?: boolean }

/** Names its effect: "End session", never "OK". `asChild` lends its looks to a link. An icon button needs `aria-label`. */
export function Button({ look, size, asChild, className, type, ...props }: ButtonProps) {
  const classes = cn(buttonClass({ look, size }), className)
  if (asChild) return <Slot.Root className={classes} {...props} />
  return <button type={type ?? 'button'} className={classes} {...props} />
}
