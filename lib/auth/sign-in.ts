import { PROVIDER_ID, portalAuth } from './auth'

/**
 * For a server action: sends the browser to the identity provider, and afterwards to `next`, a path on this portal. `loginHint` tells
 * the provider who is likely to sign in.
 */
export async function startSignIn(next: string, loginHint?: string): Promise<never> {
  const path = next.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/overview'
  return (await portalAuth().signIn(
    PROVIDER_ID,
    { redirectTo: path },
    loginHint === undefined ? {} : { login_hint: loginHint },
  )) as never
}

/** For a server action: ends this browser's sign-in, its tokens and their sessions, and goes to the sign-in page. */
export async function endSignInHere(): Promise<never> {
  return (await portalAuth().signOut({ redirectTo: '/sign-in' })) as never
}
