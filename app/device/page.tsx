import type { Metadata } from 'next'
import Link from 'next/link'
import { requireContext } from '#lib/auth/context'
import { readDeviceLogin } from '#lib/services/device-logins/read'
import { Face } from '#ui/face'
import { param, type SearchParams } from '../_components/address'
import { orMissing } from '../_components/or-missing'
import { BrandMark } from '../_components/shell/brand'
import { CodeForm } from './code-form'
import { Decision } from './decision'

export const metadata: Metadata = { title: 'Command line sign-in' }

export default async function DevicePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  const params = await searchParams
  const code = param(params, 'code') ?? param(params, 'user_code')
  const login =
    code === undefined ? null : await orMissing(readDeviceLogin({ ctx, input: { userCode: code.slice(0, 40) } }))
  const me = ctx.actor.principal
  return (
    <main className="grid min-h-dvh grid-rows-[auto_1fr] px-5 py-6 *:mx-auto *:w-full *:max-w-104">
      <header>
        <Link href="/overview" className="inline-flex items-center gap-2 text-lg font-strong">
          <BrandMark className="h-[22px] w-6 shrink-0" />
          Sallyport
        </Link>
      </header>
      <div className="pt-[12vh] pb-10">
        <h1 className="text-2xl leading-tight font-strong tracking-[-0.02em]">Command line sign-in</h1>
        <p className="mt-1.5 mb-6 text-fg-2">
          A terminal asks to sign in with <code>sallyport login</code>.
        </p>
        {login ? (
          <Decision
            key={login.userCode}
            userCode={login.userCode}
            expiresAt={Date.parse(login.expiresAt)}
            now={ctx.clock.now()}
            who={
              <span className="flex items-center gap-2.5">
                <Face icon="person" round />
                <span className="min-w-0 leading-[1.35]">
                  <span className="block truncate font-medium">{me.name}</span>
                  <span className="block truncate text-sm text-fg-3">
                    {[...ctx.actor.roles].join(', ') || 'no roles'}
                  </span>
                </span>
              </span>
            }
          />
        ) : (
          <CodeForm typed={code} />
        )}
      </div>
    </main>
  )
}
