import { type NextRequest, NextResponse } from 'next/server'
import { securityHeaders } from './lib/auth/security-headers'
import { readEnv } from './lib/config/env'

/**
 * Next runs this before every page and route (its "middleware"; nothing to do with the folder of the same name). It only sets
 * headers: who may do what is decided in the services, never here.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = securityHeaders(readEnv(), nonce)
  const forwarded = new Headers(request.headers)
  forwarded.set('x-nonce', nonce)
  forwarded.set('x-sallyport-path', request.nextUrl.pathname + request.nextUrl.search)
  // Next takes the nonce for its own scripts from this request header.
  forwarded.set('content-security-policy', policy['content-security-policy'])
  const response = NextResponse.next({ request: { headers: forwarded } })
  for (const [name, value] of Object.entries(policy)) response.headers.set(name, value)
  return response
}

export const config = { matcher: '/((?!_next/static|_next/image).*)' }
