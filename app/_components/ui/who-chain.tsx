import type { ReactNode } from 'react'

/** Who stands behind whom, one under the other. */
export function WhoChain({ children }: { children: ReactNode }) {
  return <ol className="chain grid gap-3">{children}</ol>
}

/** One in such a list: who, and what they have to do with it. */
export function Who({ icon, name, about }: { icon: ReactNode; name: ReactNode; about: ReactNode }) {
  return (
    <li className="flex items-start gap-2.5 leading-[1.35]">
      {icon}
      <div className="min-w-0 flex-1">
        <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
        <span className="block text-sm text-fg-3 [overflow-wrap:anywhere]">{about}</span>
      </div>
    </li>
  )
}
