export interface SignInProblem {
  readonly title: string
  readonly next: string
}

/** Words for the codes that a failed sign-in comes back with; anything unknown gets the general ones. */
export function signInProblem(code: string | undefined): SignInProblem | null {
  switch (code) {
    case undefined:
      return null
    case 'AccessDenied':
      return {
        title: 'This account may not sign in.',
        next: 'Nobody was signed in. Ask whoever runs Sallyport to let its groups in.',
      }
    case 'Configuration':
      return {
        title: 'The identity provider did not answer as it should.',
        next: 'Nobody was signed in. Try again; if it stays, the gateway’s log says why.',
      }
    case 'Disabled':
      return { title: 'This account is disabled here.', next: 'Ask an admin of this gateway.' }
    default:
      return { title: 'The sign-in did not finish.', next: 'Nobody was signed in. Try again.' }
  }
}
