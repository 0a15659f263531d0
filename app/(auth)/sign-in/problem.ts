import { refusalText } from '#lib/services/sign-ins/sign-in-refused'

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
    default: {
      const refused = refusalText(code)
      return refused === null
        ? { title: 'The sign-in did not finish.', next: 'Nobody was signed in. Try again.' }
        : { title: 'This account cannot sign in here.', next: refused }
    }
  }
}
