import type { Adapter } from 'next-auth/adapters'
import { accountPerson } from '../services/sign-ins/account-person'
import { createSignIn } from '../services/sign-ins/create'
import { endSignIn } from '../services/sign-ins/end'
import { systemContext } from './identify'
import type { Portal } from './portal'

/**
 * next-auth's store over our sign-ins. Persons are made in the `signIn` callback (`registerPerson`), so nothing here creates or
 * links one. next-auth never reads a sign-in back: it would link the next account to whoever is signed in; `context.ts` reads them.
 */
export function signInAdapter(portal: Portal, issuer: string): Adapter {
  const ctx = systemContext(portal)
  return {
    async getUserByAccount({ providerAccountId }) {
      const person = await accountPerson({ ctx, input: { provider: issuer, subject: providerAccountId } })
      return person && { id: person.principalId, name: person.name, email: person.email ?? '', emailVerified: null }
    },
    getUserByEmail: () => null,
    getUser: () => null,
    createUser: () => refuse(),
    updateUser: () => refuse(),
    linkAccount: () => refuse(),
    async createSession({ sessionToken, userId, expires }) {
      await createSignIn({ ctx, input: { token: sessionToken, principalId: userId, expiresAt: expires } })
      return { sessionToken, userId, expires }
    },
    getSessionAndUser: () => null,
    updateSession: () => null,
    async deleteSession(sessionToken) {
      await endSignIn({ ctx, input: { token: sessionToken } })
    },
  }
}

function refuse(): never {
  throw new Error('persons are registered before next-auth asks for them')
}
