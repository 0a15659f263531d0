'use server'
import { endSignInHere, startSignIn } from '#lib/auth/sign-in'

/** Starts the sign-in at the identity provider; comes back to `next`, a path on this portal. `account` is a hint to the provider. */
export async function signInHere(form: FormData): Promise<void> {
  const account = form.get('account')
  await startSignIn(String(form.get('next') ?? '/overview'), typeof account === 'string' ? account : undefined)
}

/** Ends this browser's sign-in. */
export async function signOutHere(): Promise<void> {
  await endSignInHere()
}
