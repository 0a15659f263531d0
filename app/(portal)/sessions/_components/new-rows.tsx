'use client'
import { Icon } from '#ui/icon'
import { counted } from '../../../_components/numbers'

interface NewRowsProps {
  count: number
  /** Singular: "session". */
  what: string
  where?: 'top' | 'bottom'
  onShow: () => void
}

/** New rows wait behind this while the reader is elsewhere in the list, so that nothing jumps. */
export function NewRows({ count, what, where = 'top', onShow }: NewRowsProps) {
  return (
    <div
      aria-live="polite"
      className={`pointer-events-none absolute inset-x-0 z-10 flex justify-center ${where === 'top' ? 'top-10' : 'bottom-3'}`}
    >
      {count > 0 ? (
        <button
          type="button"
          onClick={onShow}
          className="is-live pointer-events-auto inline-flex h-7 items-center gap-1.5 rounded-full border border-state-line bg-state-bg px-3 text-sm font-medium text-state shadow-2 max-phone:h-9"
        >
          <Icon name={where === 'top' ? 'up' : 'down'} size="sm" />
          {counted(count, `new ${what}`)}
        </button>
      ) : null}
    </div>
  )
}
