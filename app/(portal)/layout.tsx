import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { requireContext } from '#lib/auth/context'
import { loadWaiting } from '../_components/reviews/load-waiting'
import { Shell } from '../_components/shell/shell'
import { isTheme, THEME_COOKIE } from '../_components/theme'

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await requireContext()
  const { actor } = ctx
  const theme = (await cookies()).get(THEME_COOKIE)?.value
  const roles = [...actor.roles].sort().join(', ')
  return (
    <Shell
      viewer={{ name: actor.principal.name, roles: roles === '' ? 'no role' : roles }}
      theme={isTheme(theme) ? theme : 'system'}
      waiting={await loadWaiting(ctx)}
    >
      {children}
    </Shell>
  )
}
