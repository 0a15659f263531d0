import type { TestStep, TestStepName } from '#lib/domain/connection'

/** What a failed step means for the person who has to mend it. */
export interface Diagnosis {
  /** Two or three words, for lists and for the step itself. */
  readonly word: string
  readonly title: string
  /** Why it probably happened and what to do, in one or two sentences. */
  readonly advice: string
  /** Which change helps: a new secret, other settings, or none here. */
  readonly remedy: 'secret' | 'settings' | 'none'
}

/** The tested connection, as far as advice names it. */
export interface Target {
  readonly address: string
  readonly user: string
  readonly database: string
  readonly tls: string
}

interface Rule {
  /** Found in the worker's sentence about the step. */
  readonly says: RegExp
  readonly means: (target: Target) => Diagnosis
}

/** Read from the top: the first that fits. The sentences are those of the proxies' probe. */
const RULES: readonly Rule[] = [
  {
    says: /may not be dialled/,
    means: () => ({
      word: 'Address not allowed',
      title: 'The gateway does not connect to this address.',
      advice:
        'Loopback, link-local and the gateway’s own ports are refused. An operator can allow a range with SALLYPORT_TARGET_ALLOW.',
      remedy: 'settings',
    }),
  },
  {
    says: /stored \w+ cannot be opened|has none that can be sent/,
    means: () => ({
      word: 'No usable secret',
      title: 'The gateway has no secret it can present.',
      advice: 'Enter it again: a secret opens only for the address and the field it was entered for.',
      remedy: 'secret',
    }),
  },
  {
    says: /does not allow \(auth/,
    means: () => ({
      word: 'Method not allowed',
      title: 'The target asks for a sign-in that this connection does not allow.',
      advice: 'Allow that method in the settings, or, better, set the target up for SCRAM.',
      remedy: 'settings',
    }),
  },
  {
    says: /was not trusted|without proof/,
    means: () => ({
      word: 'Target not trusted',
      title: 'The target could not prove that it knows the password.',
      advice: 'It may be another server than you think. Check the address before you weaken anything.',
      remedy: 'settings',
    }),
  },
  {
    says: /\b28P01\b/,
    means: ({ user }) => ({
      word: 'Sign-in refused',
      title: 'The target does not accept this password.',
      advice: `It was presented for user ${user}. It may have been rotated, or belong to another user.`,
      remedy: 'secret',
    }),
  },
  {
    says: /\b3D000\b/,
    means: ({ database }) => ({
      word: 'No such database',
      title: `The target has no database called ${database}.`,
      advice: 'Check its name in the settings.',
      remedy: 'settings',
    }),
  },
  {
    says: /\b(53300|57P03)\b/,
    means: () => ({
      word: 'Target busy',
      title: 'The target takes no connection right now.',
      advice: 'It is starting, stopping or full. Nothing is wrong with this connection: run the test again later.',
      remedy: 'none',
    }),
  },
  {
    says: /offers no TLS/,
    means: ({ tls }) => ({
      word: 'No TLS offered',
      title: 'The target does not offer TLS.',
      advice: `The connection asks for ${tls}. Turn TLS on at the target; a weaker mode sends everything in the clear.`,
      remedy: 'settings',
    }),
  },
  {
    says: /does not speak PostgreSQL/,
    means: ({ address }) => ({
      word: 'Not PostgreSQL',
      title: `What answers at ${address} is not PostgreSQL.`,
      advice: 'Check the port.',
      remedy: 'settings',
    }),
  },
]

/** When no rule fits: what the step alone says. */
const BY_STEP: Readonly<Record<TestStepName, Rule['means']>> = {
  resolve: ({ address }) => ({
    word: 'Name not found',
    title: `The host in ${address} does not resolve.`,
    advice: 'Check the spelling, and that the gateway’s own resolver knows this name.',
    remedy: 'settings',
  }),
  connect: ({ address }) => ({
    word: 'Not reachable',
    title: `Nothing accepts connections at ${address}.`,
    advice: 'Check that the target runs and listens on this port, and that the gateway’s network may reach it.',
    remedy: 'settings',
  }),
  tls: ({ tls }) => ({
    word: 'TLS refused',
    title: 'The target’s certificate is not good enough.',
    advice: `With ${tls} the gateway checks who signed it${tls === 'verify-full' ? ' and for which name' : ''}. Give the CA certificate, or the name that the certificate carries.`,
    remedy: 'settings',
  }),
  authenticate: ({ user }) => ({
    word: 'Sign-in refused',
    title: 'The target refused the sign-in.',
    advice: `Check that ${user} exists and may sign in from the gateway’s address, and that the stored secret is current.`,
    remedy: 'secret',
  }),
  query: ({ user }) => ({
    word: 'Query refused',
    title: 'Signed in, but the first query did not run.',
    advice: `${user} may lack the right to use this database.`,
    remedy: 'settings',
  }),
}

/** What a failed step means. `detail` is the worker's own sentence. */
export function diagnose(failed: Pick<TestStep, 'name' | 'detail'>, target: Target): Diagnosis {
  const rule = RULES.find(({ says }) => says.test(failed.detail))
  return (rule?.means ?? BY_STEP[failed.name])(target)
}

const ANYWHERE: Target = { address: '', user: '', database: '', tls: '' }

/** Two or three words about a failed step, for lists. */
export function failureWord(failed: Pick<TestStep, 'name' | 'detail'>): string {
  return diagnose(failed, ANYWHERE).word
}
