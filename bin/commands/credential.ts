import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'
import { readLogins } from './stored-logins'

/**
 * The bearer token the command line speaks with: SALLYPORT_TOKEN, else the login of `as`, else the operator's token of this machine,
 * else the only login there is. Throws `unauthenticated`.
 */
export function findCredential(env: Env, as: string | undefined): string {
  if (as === undefined && env.SALLYPORT_TOKEN !== undefined) return env.SALLYPORT_TOKEN
  const logins = readLogins(env).filter((login) => login.url === env.SALLYPORT_URL)
  if (as !== undefined) {
    const login = logins.find(({ email }) => email.toLowerCase() === as.toLowerCase())
    if (login !== undefined) return login.token
    throw new SallyportError('unauthenticated', `Nobody is signed in as ${as} here: run sallyport login.`)
  }
  const operator = operatorToken(env)
  if (operator !== null) return operator
  const [only, ...more] = logins
  if (only !== undefined && more.length === 0) return only.token
  throw new SallyportError(
    'unauthenticated',
    only === undefined
      ? 'Not signed in: run sallyport login, or set SALLYPORT_TOKEN.'
      : 'Several people are signed in here: say which with --as EMAIL.',
  )
}

function operatorToken(env: Env): string | null {
  try {
    return readFileSync(join(env.SALLYPORT_HOME, 'admin.token'), 'utf8').trim()
  } catch {
    return null
  }
}
