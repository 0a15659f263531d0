'use client'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { Icon } from './icon'

const ToastContext = createContext<(text: string) => void>(() => undefined)

/** Says in passing that something small was done ("Link copied"). What matters is said on the page instead. */
export function useToast(): (text: string) => void {
  return useContext(ToastContext)
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<{ text: string; id: number }>()
  const say = useCallback((text: string) => setToast((last) => ({ text, id: (last?.id ?? 0) + 1 })), [])
  useEffect(() => {
    if (!toast) return
    const timer = setTimeout(() => setToast(undefined), 4_000)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <ToastContext.Provider value={say}>
      {children}
      <div role="status" className="pointer-events-none fixed right-4 bottom-4 z-50 max-phone:inset-x-4">
        {toast ? (
          <p className="flex items-center gap-2 rounded-2 bg-raised px-3 py-2 shadow-float">
            <Icon name="check" size="sm" className="is-allowed text-state" />
            {toast.text}
          </p>
        ) : null}
      </div>
    </ToastContext.Provider>
  )
}
