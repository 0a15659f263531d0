import type { PersonProfile } from '../services/sign-ins/register-person'
import { SignInRefused } from '../services/sign-ins/sign-in-refused'

/**
 * What a person is called and which groups they are in, from the claims of a verified ID token (OpenID Connect Core 5.1).
 * `groups` are under `groupsClaim`: a list of texts, or one text. Throws SignInRefused.
 */
export function profileOf(
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  groupsClaim: string,
): PersonProfile {
  const subject = text(claims.sub, 500)
  if (subject === null) throw new SignInRefused('no-profile')
  const email = text(claims.email, 254)
  return {
    provider: issuer,
    subject,
    email: email === null ? null : email.toLowerCase(),
    emailVerified: claims.email_verified === true,
    name: text(claims.name, 200) ?? text(claims.preferred_username, 200) ?? email ?? subject.slice(0, 200),
    groups: groupsOf(claims[groupsClaim]),
  }
}

/** A group that is not a text, or too long, refuses the sign-in: leaving it out could lift a rule that forbids its members. */
function groupsOf(claim: unknown): string[] {
  if (claim === undefined || claim === null) return []
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim]
  return list.map((group) => {
    const name = text(group, 128)
    if (name === null) throw new SignInRefused('no-profile')
    return name
  })
}

function text(value: unknown, maxLength: number): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength ? value : null
}
