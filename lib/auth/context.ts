import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { SallyportError } from '../domain/errors'
import type { Context } from '../services/context'
import { signInCookieName } from './cookies'
import { contextOfBearer, contextOfCookie, systemContext } from './identify'
import { requireOwnOrigin } from './origin'
import { portal } from './portal'

const BEARER = /^Bearer +([^\s]{1,512}) *$/i
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whoever is signed in in this browser, for server components and actions; null when nobody is. */
const currentContext = cache(async (): Promise<Context | null> => {
  const here = portal()
  return contextOfCookie(here, (await cookies()).get(signInCookieName(here.env))?.value)
})

/**
 * Like `currentContext`, but sends whoever is not signed in to the sign-in page, and back afterwards. In a server action it also
 * demands that the request comes from this portal.
 */
export async function requireContext(): Promise<Context> {
  const sent = await headers()
  if (sent.has('next-action')) requireOwnOrigin(portal().env, sent)
  const ctx = await currentContext()
  if (ctx !== null) return ctx
  const here = sent.get('x-sallyport-path')
  redirect(here ? `/sign-in?next=${encodeURIComponent(here)}` : '/sign-in')
}

/**
 * Whoever calls an API route: by bearer token, else by the cookie of a sign-in, which for unsafe methods needs an Origin of ours.
 * Throws `unauthenticated`, `forbidden` or `too_many`.
 */
export async function apiContext(request: Request): Promise<Context> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) return bearerContext(request, authorization)
  const here = portal()
  const ctx = await contextOfCookie(here, cookieOf(request, signInCookieName(here.env)))
  if (ctx === null) throw new SallyportError('unauthenticated', 'Send a bearer token, or sign in.')
  if (!SAFE_METHODS.has(request.method)) requireOwnOrigin(here.env, request.headers)
  return ctx
}

/** For the few routes whose callers are not signed in yet: their verbs decide by what they are given. */
export function anonymousContext(): Context {
  return systemContext(portal())
}

/** The portal's public address with `path`. */
export function publicUrl(path: string): string {
  return new URL(path, portal().env.SALLYPORT_URL).href
}

/** A token that is good is let in whatever else came from its address: many share one. Refused ones are told to wait. */
async function bearerContext(request: Request, authorization: string): Promise<Context> {
  const here = portal()
  const token = BEARER.exec(authorization)?.[1]
  const ctx = token === undefined ? null : await contextOfBearer(here, token)
  if (ctx === 'wrong-scope')
    throw new SallyportError(
      'forbidden',
      'This token is for the gateway’s listeners. For the API use `sallyport login`.',
    )
  if (ctx !== null) return ctx
  const address = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? 'unknown'
  const now = Date.now()
  if (here.refusals.exceeded(address, now))
    throw new SallyportError('too_many', 'Too many refused tokens from this address. Try again in a minute.')
  here.refusals.failed(address, now)
  throw new SallyportError('unauthenticated', 'The token is unknown, expired or revoked.')
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}
