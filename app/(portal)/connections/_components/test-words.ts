import { TEST_STEPS, type TestStep, type TestStepName } from '#lib/domain/connection'

export const STEP_WORDS: Readonly<Record<TestStepName, string>> = {
  resolve: 'Resolve',
  connect: 'Connect',
  tls: 'TLS',
  authenticate: 'Authenticate',
  query: 'Query',
}

const FAILED: Readonly<Record<TestStepName, string>> = {
  resolve: 'Name not found',
  connect: 'Not reachable',
  tls: 'TLS refused',
  authenticate: 'Sign-in refused',
  query: 'Query refused',
}

type TestState = 'queued' | 'running' | 'passed' | 'failed'

/** The one-word outcome of a test for a list: which step failed, not merely that one did. */
export function outcomeWord(state: TestState, failed: TestStepName | null): string {
  if (state === 'passed') return 'All steps pass'
  if (state === 'failed') return failed === null ? 'Test failed' : FAILED[failed]
  return 'Testing'
}

export function failedStep(steps: readonly TestStep[]): TestStep | undefined {
  return steps.find((step) => step.state === 'failed')
}

interface Tested {
  readonly state: 'active' | 'disabled'
  readonly lastTest: { readonly state: TestState; readonly current: boolean } | null
}

/** In use, but its last test failed. Not tested is not trouble. */
export function needsAttention({ state, lastTest }: Tested): boolean {
  return state === 'active' && lastTest?.state === 'failed' && lastTest.current
}

/** All five steps in order; those the worker has not written yet are waiting. */
export function allSteps(steps: readonly TestStep[]): readonly TestStep[] {
  return TEST_STEPS.map(
    (name) => steps.find((step) => step.name === name) ?? { name, state: 'waiting', detail: '', durationMs: null },
  )
}

export interface Diagnosis {
  readonly title: string
  /** Why it probably happened and what to do, in one or two sentences. */
  readonly advice: string
  /** Which change is offered: a new secret, the settings, or none. */
  readonly remedy: 'secret' | 'settings' | 'none'
}

interface Target {
  readonly address: string
  readonly user: string
  readonly tls: string
}

/** What a failed step means for the person who has to mend it. `detail` is the worker's own sentence about the step. */
export function diagnose(failed: TestStep, target: Target): Diagnosis {
  switch (failed.name) {
    case 'resolve':
      return resolveTrouble(failed, target)
    case 'connect':
      return {
        title: `Nothing accepts connections at ${target.address}.`,
        advice:
          'Check that the target runs, that it listens on this port, and that the gateway’s network may reach it.',
        remedy: 'settings',
      }
    case 'tls':
      return tlsTrouble(failed, target)
    case 'authenticate':
      return signInTrouble(failed, target)
    case 'query':
      return {
        title: 'Signed in, but the first query did not run.',
        advice: `The user ${target.user} may lack the right to connect to this database or to run SELECT 1.`,
        remedy: 'settings',
      }
  }
}

function resolveTrouble({ detail }: TestStep, { address }: Target): Diagnosis {
  if (/not allowed|refused|loopback|link-local/i.test(detail)) {
    return {
      title: 'The gateway does not connect to this address.',
      advice:
        'Loopback, link-local and the gateway’s own ports are refused. An operator can allow a range with SALLYPORT_TARGET_ALLOW.',
      remedy: 'settings',
    }
  }
  return {
    title: `The name in ${address} does not resolve.`,
    advice: 'Check the spelling, and that the gateway’s own resolver knows this name.',
    remedy: 'settings',
  }
}

function tlsTrouble({ detail }: TestStep, { tls }: Target): Diagnosis {
  if (/does not (offer|support)|no tls|not support/i.test(detail)) {
    return {
      title: 'The target does not offer TLS.',
      advice: `The connection asks for ${tls}. Turn TLS on at the target; a weaker mode sends the stored password in the clear.`,
      remedy: 'settings',
    }
  }
  return {
    title: 'The target’s certificate is not good enough.',
    advice: `With ${tls} the gateway checks who signed it${tls === 'verify-full' ? ' and for which name' : ''}. Give the CA certificate, or use the name that the certificate carries.`,
    remedy: 'settings',
  }
}

function signInTrouble({ detail }: TestStep, { user }: Target): Diagnosis {
  if (/28P01|password/i.test(detail)) {
    return {
      title: 'The target does not accept this password.',
      advice: `It was presented for user ${user}. It may have been rotated, or the user may be another one.`,
      remedy: 'secret',
    }
  }
  if (/method|asks for|not allowed here|weaker/i.test(detail)) {
    return {
      title: 'The target asks for a sign-in method that this connection does not allow.',
      advice: 'Allow that method in the settings, or configure the target for SCRAM.',
      remedy: 'settings',
    }
  }
  if (/secret|stored|opened/i.test(detail)) {
    return {
      title: 'The gateway has no secret it can present.',
      advice: 'Enter it again: a secret is bound to the address it was entered for.',
      remedy: 'secret',
    }
  }
  return {
    title: 'The target refused the sign-in.',
    advice: `Check that ${user} exists, may sign in from the gateway’s address, and that the stored secret is current.`,
    remedy: 'secret',
  }
}
