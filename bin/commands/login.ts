import { setTimeout as wait } from 'node:timers/promises'
import type { Env } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'
import { reach, refusal } from './api'
import type { Command } from './command'
import { approveAsDemo } from './demo-browser'
import { readOptions } from './options'
import { out, printable } from './print'
import { keepLogin } from './stored-logins'

interface DeviceCode {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval: number
}

type TokenAnswer =
  | { readonly access_token: string; readonly expires_in: number; readonly email: string | null; readonly name: string }
  | { readonly error: string }

export const command: Command = {
  usage: ['login [--demo EMAIL]'],
  async run(args, env) {
    const { values } = readOptions(args, { demo: { type: 'string' } } as const, 0)
    const started = await reach(env, 'device/code', { method: 'POST' })
    if (!started.ok) throw await refusal(started)
    const code = (await started.json()) as DeviceCode
    if (values.demo !== undefined) await approveAsDemo(env, values.demo, code.user_code)
    else out(`Open ${code.verification_uri_complete}\nand check that it shows the code ${code.user_code}.\n`)
    const login = await untilDecided(env, code)
    const email = login.email ?? login.name
    keepLogin(env, {
      url: env.SALLYPORT_URL,
      email,
      token: login.access_token,
      expiresAt: Date.now() + login.expires_in * 1_000,
    })
    out(`Signed in as ${printable(email)} for ${Math.round(login.expires_in / 3_600)} hours.\n`)
  },
}

const SLOWER_SECONDS = 5

/** Polls as RFC 8628, 3.5 says. Throws when the person refuses or the code expires. */
async function untilDecided(env: Env, code: DeviceCode): Promise<Extract<TokenAnswer, { access_token: string }>> {
  let interval = code.interval
  for (const deadline = Date.now() + code.expires_in * 1_000; Date.now() < deadline; await wait(interval * 1_000)) {
    const body = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code.device_code }
    const response = await reach(env, 'device/token', { method: 'POST', body })
    const answer = (await response.json().catch(() => ({ error: `status ${response.status}` }))) as TokenAnswer
    if ('access_token' in answer) return answer
    if (answer.error === 'slow_down') interval += SLOWER_SECONDS
    else if (answer.error === 'access_denied') throw new SallyportError('forbidden', 'The sign-in was refused.')
    else if (answer.error !== 'authorization_pending') break
  }
  throw new SallyportError('unauthenticated', 'The code has expired. Start again.')
}
