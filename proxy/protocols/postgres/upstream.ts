import type { PostgresSettings } from '#lib/domain/connection'
import type { Reach, Upstream } from '#proxy/core/ports'
import type { StartTimer } from '#proxy/core/timer'
import { readParameterStatus, readReadyForQuery } from './codec/backend'
import { readDiagnostics } from './codec/diagnostics'
import { type BackendKey, startup } from './handshake-messages'
import { type Authenticated, authenticate } from './upstream-auth'
import { asTargetFailure, authenticationFailure, connectionFailure, refusedByTarget } from './upstream-failure'
import { STARTUP_FRAMING, TargetInbox } from './upstream-inbox'
import { type Encrypted, type Encryption, planTls, requestTls, type Send } from './upstream-tls'

/** How long a target may take from the first byte to its first ReadyForQuery. */
const SIGN_IN_MS = 15_000

export interface SignInParts {
  readonly access: Reach
  readonly settings: PostgresSettings
  readonly upstream: Upstream
  readonly send: Send
  /** Passed on from the client. */
  readonly parameters: ReadonlyMap<string, string>
  readonly startTimer: StartTimer
  readonly signal: AbortSignal
  readonly maxIterations: number
  /** Follows a connection test. */
  onTls?(tls: Encrypted | null): void
  onAuthenticated?(how: Authenticated): void
}

/** A target that took the gateway in and is ready for a query. */
export interface SignedIn {
  readonly tls: Encrypted | null
  readonly parameters: ReadonlyMap<string, string>
  /** What the target wants to see in a cancel request; null when it gave none. */
  readonly key: BackendKey | null
  readonly notices: readonly Buffer[]
  /** Bytes that were read behind the first ReadyForQuery. */
  readonly head: Buffer
}

/**
 * Signs in to a dialled target as the connection says: TLS, authentication, startup. Modes that fall back try again on a fresh
 * connection. Rejects with TargetFailure; the caller then destroys `upstream`.
 */
export async function signIn(parts: SignInParts): Promise<SignedIn> {
  const late = new AbortController()
  const stopTimer = parts.startTimer(SIGN_IN_MS, () =>
    late.abort(connectionFailure('the target did not let the gateway in within 15 seconds')),
  )
  const signal = AbortSignal.any([late.signal, parts.signal])
  // Also what cannot be aborted, such as a TLS handshake, ends with its socket.
  const drop = () => parts.upstream.destroy()
  signal.addEventListener('abort', drop, { once: true })
  try {
    return await tryInTurn({ ...parts, signal })
  } catch (error) {
    throw asTargetFailure(late.signal.aborted ? late.signal.reason : error)
  } finally {
    stopTimer()
    signal.removeEventListener('abort', drop)
  }
}

async function tryInTurn(parts: SignInParts): Promise<SignedIn> {
  const plan = planTls(parts.settings.tls)
  for (const [i, encryption] of plan.entries()) {
    try {
      if (i > 0) await parts.upstream.reconnect()
      return await signInOnce(parts, encryption)
    } catch (error) {
      const retry = asTargetFailure(error).early && i + 1 < plan.length && !parts.signal.aborted
      if (!retry) throw error
    }
  }
  throw connectionFailure('no way to connect is left')
}

async function signInOnce(parts: SignInParts, encryption: Encryption): Promise<SignedIn> {
  const { access, settings, upstream, send, signal, maxIterations } = parts
  const tls = encryption === 'plain' ? null : await requestTls(access, settings, upstream, send, encryption, signal)
  parts.onTls?.(tls)
  const inbox = new TargetInbox(upstream, STARTUP_FRAMING)
  const notices: Buffer[] = []
  const onNotice = (notice: Buffer) => {
    readDiagnostics(notice, 0, notice.length)
    notices.push(notice)
  }
  await send(startup(targetParameters(parts)))
  const how = await authenticate({ access, settings, inbox, send, tls, maxIterations, signal, onNotice })
  parts.onAuthenticated?.(how)
  return { tls, notices, ...(await readGreeting(inbox, signal, onNotice)), head: inbox.release() }
}

function targetParameters({ access, settings, parameters }: SignInParts): ReadonlyMap<string, string> {
  return new Map([['user', settings.user], ['database', access.database ?? settings.database], ...parameters])
}

/** ParameterStatus, BackendKeyData and notices, up to the first ReadyForQuery. */
async function readGreeting(
  inbox: TargetInbox,
  signal: AbortSignal,
  onNotice: (notice: Buffer) => void,
): Promise<{ parameters: ReadonlyMap<string, string>; key: BackendKey | null }> {
  const parameters = new Map<string, string>()
  let key: BackendKey | null = null
  for (;;) {
    const { type, buffer, start, end } = await inbox.next(signal)
    switch (type) {
      case 0x53:
        parameters.set(...readParameterStatus(buffer, start, end))
        break
      case 0x4b:
        key = readKey(buffer.subarray(start + 5, end))
        break
      case 0x4e:
        onNotice(Buffer.from(buffer.subarray(start, end)))
        break
      case 0x45: {
        const { code, message } = readDiagnostics(buffer, start, end)
        throw refusedByTarget(code, message, false)
      }
      case 0x5a:
        if (readReadyForQuery(buffer, start, end) !== 'I')
          throw authenticationFailure('the target began with a transaction that nobody started')
        return { parameters, key }
      default:
        throw authenticationFailure('the target asked for authentication twice')
    }
  }
}

function readKey(body: Buffer): BackendKey {
  if (body.length !== 8) throw authenticationFailure('the target sent a malformed cancel key')
  return { processId: body.readInt32BE(0), secret: Buffer.from(body.subarray(4)) }
}
