import type { Metadata, Viewport } from 'next'
import { cookies, headers } from 'next/headers'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { StyleNonce } from './_components/style-nonce'
import { isTheme, THEME_COOKIE } from './_components/theme'
import './globals.css'

export const metadata: Metadata = {
  title: { template: '%s · Sallyport', default: 'Sallyport' },
  description: 'Access gateway: every command recorded before it runs',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get(THEME_COOKIE)?.value
  const nonce = (await headers()).get('x-nonce')
  return (
    <html lang="en" data-theme={isTheme(theme) && theme !== 'system' ? theme : undefined} suppressHydrationWarning>
      <body>
        {nonce ? <StyleNonce nonce={nonce} /> : null}
        <NuqsAdapter>{children}</NuqsAdapter>
      </body>
    </html>
  )
}
