import type { PostgresSettings } from '#lib/domain/connection'
import { LIMITS } from '#lib/domain/limits'
import { createDial } from '#proxy/core/dial'
import type { Dialled, Reach } from '#proxy/core/ports'
import { type SignedIn, type SignInParts, signIn } from '../upstream'

export const PASSWORD = 'correct horse'

export const settingsWith = (change: Partial<PostgresSettings> = {}): PostgresSettings => ({
  database: 'shop',
  user: 'app',
  tls: 'disable',
  auth: ['scram-sha-256'],
  ...change,
})

export interface FakeReach {
  readonly access: Reach
  /** Every secret that was opened: it must be wiped when the sign-in is over. */
  readonly opened: Uint8Array[]
}

/** A reach to a port on loopback (or a host name for it) with the given secrets. */
export function reachTo(port: number, options: { host?: string; secrets?: Record<string, string> } = {}): FakeReach {
  const { host = '127.0.0.1', secrets = { password: PASSWORD } } = options
  const opened: Uint8Array[] = []
  const access = {
    connection: {
      id: 'con_00000000000000000001',
      version: 1,
      name: 'shop',
      protocol: 'postgres',
      host,
      port,
      tags: {},
      access: [],
      settings: {},
      recording: 'standard',
      hold: 'wait',
      masking: 'protected',
      disabled: false,
    },
    database: null,
    secret: async (field: string) => {
      const value = secrets[field]
      if (value === undefined) return null
      const bytes = new Uint8Array(Buffer.from(value))
      opened.push(bytes)
      return bytes
    },
  }
  return { access: access as unknown as Reach, opened }
}

const dial = createDial({ allow: ['127.0.0.0/8', '::1'], own: [], resolve: async () => ['127.0.0.1'] })

export function dialTo(reach: Reach): Promise<Dialled> {
  return dial(reach, new AbortController().signal)
}

export interface SignInRun {
  readonly signedIn: SignedIn
  readonly dialled: Dialled
  readonly sent: Buffer[]
}

/** Dials and signs in; `sent` is everything that went to the target. */
export async function signInTo(
  { access }: FakeReach,
  settings: PostgresSettings,
  change: Partial<SignInParts> = {},
): Promise<SignInRun> {
  const dialled = await dialTo(access)
  const sent: Buffer[] = []
  const send = (bytes: Uint8Array) => {
    sent.push(Buffer.from(bytes))
    dialled.writer.write(bytes)
  }
  try {
    const signedIn = await signIn({
      access,
      settings,
      upstream: dialled.upstream,
      send,
      parameters: new Map([['client_encoding', 'UTF8']]),
      startTimer: () => () => undefined,
      maxIterations: LIMITS.scramIterations,
      signal: new AbortController().signal,
      ...change,
    })
    return { signedIn, dialled, sent }
  } catch (error) {
    dialled.upstream.destroy()
    throw Object.assign(error as Error, { sent })
  }
}
