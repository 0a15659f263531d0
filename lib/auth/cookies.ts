import type { Env } from '../config/env'

/** True when the portal is reached over TLS: its cookies are then for TLS alone. */
export function isSecure(env: Env): boolean {
  return new URL(env.SALLYPORT_URL).protocol === 'https:'
}

/** Name of the cookie that holds a browser's sign-in. `__Host-` keeps subdomains from setting it. */
export function signInCookieName(env: Env): string {
  return isSecure(env) ? '__Host-sallyport' : 'sallyport'
}
