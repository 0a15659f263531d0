import type { PostgresSettings } from '#lib/domain/connection'
import type { Limits } from '#lib/domain/limits'
import type { ProbeReport, Reach, Upstream } from '#proxy/core/ports'
import type { StartTimer } from '#proxy/core/timer'
import { backendFraming } from './codec/backend'
import { readDiagnostics } from './codec/diagnostics'
import { cstring, message } from './handshake-messages'
import { printable } from './handshake-refusal'
import { type SignedIn, signIn } from './upstream'
import type { Authenticated } from './upstream-auth'
import { asTargetFailure, connectionFailure, refusedByTarget } from './upstream-failure'
import { TargetInbox } from './upstream-inbox'
import type { Encrypted, Send } from './upstream-tls'

const QUERY_MS = 10_000

export interface ProbeParts {
  readonly access: Reach
  readonly settings: PostgresSettings
  readonly upstream: Upstream
  readonly send: Send
  readonly report: ProbeReport
  readonly startTimer: StartTimer
  readonly limits: Limits
}

/**
 * A connection test after `connect`: signs in as a session would, then asks one query. Each step ends in a sentence for the admin;
 * the first failure skips the rest. True when all passed.
 */
export async function probeTarget(parts: ProbeParts): Promise<boolean> {
  const steps = new Steps(parts.report)
  try {
    const target = await steps.signIn(parts)
    steps.begin('query')
    steps.pass(await firstQuery(parts, target))
    return true
  } catch (error) {
    steps.fail(asTargetFailure(error).report)
    return false
  }
}

type StepName = 'tls' | 'authenticate' | 'query'
const STEPS: readonly StepName[] = ['tls', 'authenticate', 'query']

class Steps {
  readonly #report: ProbeReport
  #current: StepName = 'tls'

  constructor(report: ProbeReport) {
    this.#report = report
  }

  async signIn(parts: ProbeParts): Promise<SignedIn> {
    this.begin('tls')
    return await signIn({
      ...parts,
      maxIterations: parts.limits.scramIterations,
      parameters: new Map([
        ['application_name', 'sallyport'],
        ['client_encoding', 'UTF8'],
      ]),
      signal: new AbortController().signal,
      onTls: (tls) => {
        this.#tls(parts.settings, tls)
        this.begin('authenticate')
      },
      onAuthenticated: (how) => this.pass(authenticationWords(how, parts.settings)),
    })
  }

  begin(step: StepName): void {
    this.#current = step
    this.#report.step(step, 'running', '')
  }

  pass(detail: string): void {
    this.#report.step(this.#current, 'passed', detail)
  }

  fail(detail: string): void {
    this.#report.step(this.#current, 'failed', detail)
    for (const later of STEPS.slice(STEPS.indexOf(this.#current) + 1))
      this.#report.step(later, 'skipped', 'not reached')
  }

  #tls({ tls: mode }: PostgresSettings, tls: Encrypted | null): void {
    if (tls) {
      this.pass(tlsWords(mode, tls))
      return
    }
    const why = mode === 'disable' ? 'this connection does not use it' : `not encrypted, as ${mode} permits`
    this.#report.step('tls', 'skipped', why)
  }
}

function tlsWords(mode: string, { version, validDays }: Encrypted): string {
  const checked = mode.startsWith('verify') ? '' : ', certificate not checked against the host name'
  const days = validDays === null ? '' : `, ${validDays} ${validDays === 1 ? 'day' : 'days'} left`
  return `${version}, ${mode}${days}${checked}`
}

function authenticationWords({ method, bound }: Authenticated, { user }: PostgresSettings): string {
  return `signed in as ${printable(user)} with ${method}${bound ? ', bound to the TLS connection' : ''}`
}

async function firstQuery(parts: ProbeParts, target: SignedIn): Promise<string> {
  const late = new AbortController()
  const stopTimer = parts.startTimer(QUERY_MS, () =>
    late.abort(connectionFailure('the target did not answer SELECT 1')),
  )
  try {
    const inbox = new TargetInbox(parts.upstream, backendFraming(parts.limits), target.head)
    await parts.send(message('Q', cstring('SELECT 1')))
    if (!(await answersOne(inbox, late.signal)))
      throw connectionFailure('the target answered SELECT 1 with something else')
    await parts.send(message('X'))
  } finally {
    stopTimer()
  }
  const version = /^[0-9A-Za-z.]+/.exec(target.parameters.get('server_version') ?? '')?.[0]
  return version ? `server is PostgreSQL ${version}` : 'the server does not tell its version'
}

/** Reads one result of one row that holds `1`, up to ReadyForQuery. */
async function answersOne(inbox: TargetInbox, signal: AbortSignal): Promise<boolean> {
  const one = Buffer.from([0, 1, 0, 0, 0, 1, 0x31])
  let rows = 0
  for (;;) {
    const { type, buffer, start, end } = await inbox.next(signal)
    if (type === 0x44) rows += buffer.subarray(start + 5, end).equals(one) ? 1 : Number.NaN
    else if (type === 0x45) {
      const { code, message: text } = readDiagnostics(buffer, start, end)
      throw refusedByTarget(code, text, false)
    } else if (type === 0x5a) return rows === 1
  }
}
