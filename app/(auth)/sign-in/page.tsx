import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { readEnv } from '#lib/config/env'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Icon } from '#ui/icon'
import { param, type SearchParams } from '../../_components/address'
import { BrandMark } from '../../_components/shell/brand'
import { ThemeMenu } from '../../_components/shell/theme'
import { isTheme, THEME_COOKIE } from '../../_components/theme'
import { signInHere } from '../actions'
import { DemoAccounts } from './demo-accounts'
import { Gates } from './gates'
import { signInProblem } from './problem'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const query = await searchParams
  const theme = (await cookies()).get(THEME_COOKIE)?.value
  const env = readEnv()
  const next = param(query, 'next') ?? '/overview'
  const problem = signInProblem(param(query, 'error'))
  return (
    <main className="grid h-dvh min-h-160 grid-cols-[minmax(0,1fr)_minmax(26rem,38rem)] max-[56.25rem]:grid-cols-[minmax(0,1fr)]">
      <section
        aria-label="About"
        className="grid grid-rows-[minmax(0,1fr)_auto] overflow-hidden border-r bg-rail max-[56.25rem]:hidden"
      >
        <Gates />
        <div className="border-t-[1.5px] border-line-2 px-12 pt-6 pb-12">
          <p className="text-xl leading-[1.4] tracking-[-0.01em]">
            The second gate opens only when the first has closed.
          </p>
          <p className="mt-1 text-fg-2">Every command is recorded before it runs.</p>
        </div>
      </section>
      <section className="grid grid-rows-[auto_1fr_auto] bg-page px-12 py-6 *:mx-auto *:w-full *:max-w-88 max-phone:p-5">
        <header className="flex items-center gap-2 text-lg font-strong">
          <BrandMark className="h-[22px] w-6 shrink-0" />
          Sallyport
          <span className="ml-auto">
            <ThemeMenu initial={isTheme(theme) ? theme : 'system'} />
          </span>
        </header>
        <div className="self-center py-6">
          <h1 className="text-2xl leading-tight font-strong tracking-[-0.02em]">Sign in</h1>
          <p className="mt-1.5 mb-6 text-fg-2">to review, replay and verify on {new URL(env.SALLYPORT_URL).host}</p>
          {problem ? (
            <Callout kind="denied" title={problem.title} className="mb-4">
              {problem.next}
            </Callout>
          ) : null}
          <form action={signInHere}>
            <input type="hidden" name="next" value={next} />
            <Button type="submit" look="primary" size="lg" className="h-10 w-full max-phone:h-11">
              <Icon name="key" />
              Continue with{' '}
              {env.SALLYPORT_OIDC_NAME.toLowerCase() === 'single sign-on' ? 'single sign-on' : env.SALLYPORT_OIDC_NAME}
            </Button>
          </form>
          {env.SALLYPORT_DEMO && !env.SALLYPORT_OIDC_ISSUER ? <DemoAccounts next={next} /> : null}
        </div>
        <p className="text-sm text-fg-3">
          From a terminal: <code className="text-fg-2">sallyport login</code>
        </p>
      </section>
    </main>
  )
}
