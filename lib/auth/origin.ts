import type { Env } from '../config/env'
import { SallyportError } from '../domain/errors'

/** Throws `forbidden` unless the browser says that the request comes from a page of this portal. */
export function requireOwnOrigin(env: Env, headers: { get(name: string): string | null }): void {
  if (headers.get('origin') === new URL(env.SALLYPORT_URL).origin) return
  throw new SallyportError('forbidden', `This request must come from a page of ${env.SALLYPORT_URL}.`)
}
