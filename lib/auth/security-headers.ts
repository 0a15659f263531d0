import type { Env } from '../config/env'
import { isSecure } from './cookies'
import { providerSettings } from './settings'

export interface SecurityHeaders extends Readonly<Record<string, string>> {
  readonly 'content-security-policy': string
}

/**
 * What every answer of the portal carries. Scripts and style elements need the request's nonce; style attributes are allowed, since
 * React writes sizes and positions with them and they load nothing. Nothing is framed, nothing is loaded from elsewhere.
 */
export function securityHeaders(env: Env, nonce: string): SecurityHeaders {
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    // The sign-in form ends at the identity provider, and browsers hold redirects after a form to this, too.
    `form-action 'self' ${identityProvider(env)}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "manifest-src 'self'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(isSecure(env) && { 'strict-transport-security': 'max-age=31536000' }),
  }
}

function identityProvider(env: Env): string {
  try {
    return new URL(providerSettings(env).issuer).origin
  } catch {
    return ''
  }
}
