import { hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Env, readEnv } from '../config/env'
import { openStore, type Store } from '../db/client'
import { SallyportError } from '../domain/errors'
import { dryRunner } from '../dry-run/dry-run-runner'
import type { DryRunner } from '../services/context'
import { type LiveHub, openLiveHub } from '../services/live/hub'
import { type AttemptLimit, attemptLimit } from './attempt-limit'
import { readOrMakeSecret } from './secret-file'

/** What one portal process shares between its requests. */
export interface Portal {
  readonly env: Env
  readonly store: Store
  readonly hub: LiveHub
  /** Encrypts the cookies of a sign-in under way. */
  readonly cookieSecret: string
  /** Keys the fingerprints of secrets. */
  readonly fingerprintKey: Uint8Array
  /** Counts bearer tokens that were refused, per address. */
  readonly refusals: AttemptLimit
  /** Open streams of live events, per principal. */
  readonly streams: Map<string, number>
  /** Absent: dry runs are done where they are asked for. */
  readonly dryRunner?: DryRunner
}

const KEY = Symbol.for('sallyport.portal')
const REFUSALS_PER_MINUTE = 10
const REFUSALS_PER_MINUTE_IN_ALL = 600

/**
 * The portal of this process. It hangs on `globalThis`, because the bundler gives pages and routes separate copies of a module and
 * there must be one pool and one listening connection a process.
 */
export function portal(): Portal {
  const holder = globalThis as { [KEY]?: Portal }
  holder[KEY] ??= openPortal(readEnv())
  return holder[KEY]
}

/** For tests: what `portal()` answers from now on. */
export function usePortal(instead: Portal): void {
  const holder = globalThis as { [KEY]?: Portal }
  holder[KEY] = instead
}

function openPortal(env: Env): Portal {
  const url = env.SALLYPORT_STORE_URL
  if (url === undefined) throw new SallyportError('startup_failed', 'The portal is started by `sallyport start`.')
  const secret = readOrMakeSecret(env.SALLYPORT_HOME, 'portal.secret')
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32))
  const store = openStore(url, { max: 12, applicationName: 'sallyport portal' })
  return {
    env,
    store,
    hub: openLiveHub(store.sql),
    cookieSecret: derive('sallyport/cookies/v1').toString('base64'),
    fingerprintKey: derive('sallyport/fingerprints/v1'),
    refusals: attemptLimit({ perKey: REFUSALS_PER_MINUTE, inAll: REFUSALS_PER_MINUTE_IN_ALL, windowMs: 60_000 }),
    streams: new Map(),
    dryRunner: dryRunner(url, join(process.cwd(), 'dist', 'dry-run-thread.js')),
  }
}

export function secureRandom(length: number): Uint8Array {
  return randomBytes(length)
}
