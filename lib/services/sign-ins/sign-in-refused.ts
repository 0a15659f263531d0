import { SallyportError } from '../../domain/errors'

const REASONS = {
  disabled: 'This account is disabled. Ask an admin of this installation.',
  'email-taken':
    'Another person here already has this e-mail address. Accounts are never joined by address; ask an admin which one is yours.',
  'email-unverified':
    'You were invited by e-mail address, and the identity provider does not say that it has verified yours. Ask an admin.',
  'too-many-groups':
    'The identity provider sent more groups than Sallyport takes (500). Ask its admin to filter the claim.',
  'no-profile': 'The identity provider did not say who you are in a form that Sallyport understands.',
} as const

export type SignInRefusal = keyof typeof REASONS

/** A sign-in that the identity provider allowed and Sallyport does not. */
export class SignInRefused extends SallyportError {
  readonly refusal: SignInRefusal

  constructor(refusal: SignInRefusal) {
    super('forbidden', REASONS[refusal])
    this.refusal = refusal
  }
}

/** The sentence for `/sign-in?error=…`; null for codes that are not ours. */
export function refusalText(code: string): string | null {
  return Object.hasOwn(REASONS, code) ? REASONS[code as SignInRefusal] : null
}
