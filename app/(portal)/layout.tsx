import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { Shell } from '../_components/shell/shell'
import { isTheme, THEME_COOKIE } from '../_components/theme'

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get(THEME_COOKIE)?.value
  return (
    <Shell viewer={{ name: 'nobody', roles: 'no roles' }} theme={isTheme(theme) ? theme : 'system'}>
      {children}
    </Shell>
  )
}
