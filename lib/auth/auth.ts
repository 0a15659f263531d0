import NextAuth, { type NextAuthConfig, type NextAuthResult } from 'next-auth'
import { pinAuthUrl } from '../config/env'
import { registerPerson } from '../services/sign-ins/register-person'
import { SignInRefused } from '../services/sign-ins/sign-in-refused'
import { signInAdapter } from './adapter'
import { isSecure, signInCookieName } from './cookies'
import { systemContext } from './identify'
import { type Portal, portal, secureRandom } from './portal'
import { profileOf } from './profile'
import { providerSettings } from './settings'

/** The one provider's id: part of its callback address, `/api/auth/callback/oidc`. */
export const PROVIDER_ID = 'oidc'

const SIGN_IN_SECONDS = 12 * 60 * 60
const TOKEN_BYTES = 32

function authConfig(here: Portal): NextAuthConfig {
  const { issuer, clientId, clientSecret } = providerSettings(here.env)
  const secure = isSecure(here.env)
  return {
    secret: here.cookieSecret,
    basePath: '/api/auth',
    // The address is SALLYPORT_URL, pinned below; no header of a request changes it.
    trustHost: true,
    useSecureCookies: secure,
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    adapter: signInAdapter(here, issuer),
    session: {
      strategy: 'database',
      maxAge: SIGN_IN_SECONDS,
      generateSessionToken: () => Buffer.from(secureRandom(TOKEN_BYTES)).toString('base64url'),
    },
    cookies: {
      sessionToken: {
        name: signInCookieName(here.env),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      },
    },
    providers: [
      {
        id: PROVIDER_ID,
        name: here.env.SALLYPORT_OIDC_NAME,
        type: 'oidc',
        ...{ issuer, clientId, clientSecret },
        checks: ['pkce', 'state', 'nonce'],
        authorization: { params: { scope: here.env.SALLYPORT_OIDC_SCOPE } },
        profile: (claims) => ({ id: claims.sub, name: claims.sub, email: null }),
      },
    ],
    callbacks: {
      /** Decides who may come in; answers where to send whoever may not. */
      async signIn({ profile }) {
        try {
          const person = profileOf(profile ?? {}, issuer, here.env.SALLYPORT_OIDC_GROUPS_CLAIM)
          await registerPerson({ ctx: systemContext(here), input: person })
          return true
        } catch (error) {
          if (error instanceof SignInRefused) return `/sign-in?error=${error.refusal}`
          throw error
        }
      },
      redirect: ({ url }) => ownPath(here.env.SALLYPORT_URL, url),
    },
  }
}

/** `url` when it is a page of ours, else the overview. */
function ownPath(base: string, url: string): string {
  try {
    const target = new URL(url, base)
    if (target.origin === new URL(base).origin) return target.href
  } catch {
    // Not an address at all.
  }
  return new URL('/overview', base).href
}

const KEY = Symbol.for('sallyport.auth')

/** next-auth as this portal uses it: `handlers` for its routes, `signIn` and `signOut` for actions. Never its `auth`. */
export function portalAuth(): Pick<NextAuthResult, 'handlers' | 'signIn' | 'signOut'> {
  const holder = globalThis as { [KEY]?: NextAuthResult }
  if (holder[KEY] === undefined) {
    const here = portal()
    pinAuthUrl(here.env.SALLYPORT_URL)
    holder[KEY] = NextAuth(authConfig(here))
  }
  const { handlers, signIn, signOut } = holder[KEY]
  return { handlers, signIn, signOut }
}
