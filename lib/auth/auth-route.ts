import type { NextRequest } from 'next/server'
import { endSignIn } from '../services/sign-ins/end'
import { PROVIDER_ID, portalAuth } from './auth'
import { signInCookieName } from './cookies'
import { systemContext } from './identify'
import { portal } from './portal'

/** The only address of next-auth that is open: the provider's way back. Sign-in and sign-out are server actions. */
const CALLBACK = `/api/auth/callback/${PROVIDER_ID}`

/** Answers the identity provider's redirect. A browser that signs in again ends the sign-in it had before. */
export async function authRoute(request: NextRequest): Promise<Response> {
  if (request.method !== 'GET' || request.nextUrl.pathname !== CALLBACK) return new Response(null, { status: 404 })
  const here = portal()
  const name = signInCookieName(here.env)
  const before = request.cookies.get(name)?.value
  const response = await portalAuth().handlers.GET(request)
  const signedIn = response.headers.getSetCookie().some((cookie) => cookie.startsWith(`${name}=`))
  if (before !== undefined && signedIn) await endSignIn({ ctx: systemContext(here), input: { token: before } })
  return response
}
