import { createHash, randomBytes } from 'node:crypto'
import type { PostgresAuthMethod, PostgresSettings } from '#lib/domain/connection'
import type { Reach } from '#proxy/core/ports'
import { readDiagnostics } from './codec/diagnostics'
import { AUTH, cstring, int32, message } from './handshake-messages'
import { type ChannelBinding, ScramClient, ScramError } from './scram'
import { endPointBinding } from './scram-binding'
import { prepareScramPassword } from './scram-password'
import { authenticationFailure, refusedByTarget, TargetFailure } from './upstream-failure'
import type { TargetInbox } from './upstream-inbox'
import type { Encrypted, Send } from './upstream-tls'

export interface AuthenticateParts {
  readonly access: Reach
  readonly settings: PostgresSettings
  readonly inbox: TargetInbox
  readonly send: Send
  readonly tls: Encrypted | null
  readonly maxIterations: number
  readonly signal: AbortSignal
  /** Gets every NoticeResponse of the target, whole. */
  onNotice(notice: Buffer): void
}

/** Which method the target used, and whether it was bound to the TLS connection. */
export interface Authenticated {
  readonly method: PostgresAuthMethod
  readonly bound: boolean
}

const NAMES: Readonly<Record<number, string>> = { 2: 'Kerberos', 6: 'SCM', 7: 'GSSAPI', 8: 'GSSAPI', 9: 'SSPI' }
const SCRAM = 'SCRAM-SHA-256'
const SCRAM_PLUS = 'SCRAM-SHA-256-PLUS'

/**
 * Answers the target's authentication requests until it says ok. Only methods that the connection lists are answered; nothing is
 * sent for any other. Rejects with TargetFailure.
 */
export async function authenticate(parts: AuthenticateParts): Promise<Authenticated> {
  const request = await nextRequest(parts, { early: true })
  switch (request.kind) {
    case AUTH.ok:
      return { method: unasked(parts), bound: false }
    case AUTH.cleartext:
      demand(parts, 'cleartext', 'a clear-text password')
      return await answerPassword(parts, 'cleartext', clearText)
    case AUTH.md5:
      demand(parts, 'md5', 'an MD5 password')
      return await answerPassword(parts, 'md5', (password) => md5(password, parts.settings.user, request.body))
    case AUTH.sasl:
      demand(parts, 'scram-sha-256', 'SCRAM')
      return await scram(parts, request.body)
    default:
      throw authenticationFailure(
        `the target asks for ${NAMES[request.kind] ?? 'an authentication method'}, which the gateway does not support`,
      )
  }
}

/** Ok without a question: the target trusts the network, or the certificate that TLS presented. */
function unasked({ settings, tls }: AuthenticateParts): PostgresAuthMethod {
  if (settings.auth.includes('cert') && tls?.certified) return 'cert'
  if (settings.auth.includes('trust')) return 'trust'
  throw authenticationFailure(
    `the target let the gateway in without proof, which this connection does not allow (auth: ${settings.auth.join(', ')})`,
  )
}

function demand({ settings }: AuthenticateParts, method: PostgresAuthMethod, words: string): void {
  if (settings.auth.includes(method)) return
  throw authenticationFailure(
    `the target asks for ${words}, which this connection does not allow (auth: ${settings.auth.join(', ')})`,
  )
}

async function answerPassword(
  parts: AuthenticateParts,
  method: 'cleartext' | 'md5',
  encode: (password: Uint8Array) => Buffer,
): Promise<Authenticated> {
  const password = await openPassword(parts)
  const answer = encode(password)
  password.fill(0)
  await parts.send(answer)
  try {
    await expectRequest(parts, AUTH.ok)
  } catch (error) {
    throw method === 'cleartext' ? withoutText(error) : error
  } finally {
    // It has answered, so it has read it: the bytes are not needed any more.
    answer.fill(0)
  }
  return { method, bound: false }
}

/** A target that was told the password may say it: its words then go nowhere. */
function withoutText(error: unknown): unknown {
  if (!(error instanceof TargetFailure)) return error
  return new TargetFailure({ sqlState: error.sqlState, message: error.message })
}

async function openPassword({ access }: AuthenticateParts): Promise<Uint8Array> {
  const password = await access.secret('password')
  if (password && !password.includes(0)) return password
  password?.fill(0)
  throw authenticationFailure('the target asks for a password, and this connection has none that can be sent')
}

function clearText(password: Uint8Array): Buffer {
  return message('p', password, Buffer.alloc(1))
}

/** PostgreSQL's own scheme: md5(md5(password ‖ user) ‖ salt), in hex. */
function md5(password: Uint8Array, user: string, salt: Buffer): Buffer {
  if (salt.length !== 4) throw authenticationFailure('the target sent a malformed MD5 challenge')
  const inner = createHash('md5').update(password).update(user).digest('hex')
  const outer = createHash('md5').update(inner).update(salt).digest('hex')
  return message('p', cstring(`md5${outer}`))
}

async function scram(parts: AuthenticateParts, mechanisms: Buffer): Promise<Authenticated> {
  const offered = readMechanisms(mechanisms)
  const data = parts.tls?.certificate ? endPointBinding(parts.tls.certificate) : null
  const bound = data !== null && offered.includes(SCRAM_PLUS)
  if (!bound && !offered.includes(SCRAM))
    throw authenticationFailure('the target offers no SCRAM mechanism that the gateway supports')
  const binding: ChannelBinding = bound ? { kind: 'bound', data } : { kind: data === null ? 'none' : 'unoffered' }
  const opened = await openPassword(parts)
  const password = prepareScramPassword(opened)
  opened.fill(0)
  const nonce = randomBytes(18).toString('base64')
  try {
    const client = new ScramClient({ password, binding, nonce, maxIterations: parts.maxIterations })
    await converse(parts, client, bound ? SCRAM_PLUS : SCRAM)
  } catch (error) {
    throw error instanceof ScramError ? authenticationFailure(`the target was not trusted: ${error.message}`) : error
  } finally {
    password.fill(0)
  }
  return { method: 'scram-sha-256', bound }
}

async function converse(parts: AuthenticateParts, client: ScramClient, mechanism: string): Promise<void> {
  const first = Buffer.from(client.first(), 'latin1')
  await parts.send(message('p', cstring(mechanism), int32(first.length), first))
  const challenge = await expectRequest(parts, AUTH.saslContinue)
  const answer = await client.respond(challenge.toString('latin1'))
  await parts.send(message('p', Buffer.from(answer, 'latin1')))
  client.verify((await expectRequest(parts, AUTH.saslFinal)).toString('latin1'))
  await expectRequest(parts, AUTH.ok)
}

/** Names, each ended by a NUL, and one NUL more. */
function readMechanisms(body: Buffer): readonly string[] {
  const names = body.toString('latin1').split('\0')
  if (names.length < 3 || names.at(-1) !== '' || names.at(-2) !== '')
    throw authenticationFailure('the target sent a malformed list of SASL mechanisms')
  return names.slice(0, -2)
}

interface AuthRequest {
  readonly kind: number
  /** A copy of what follows the kind. */
  readonly body: Buffer
}

async function expectRequest(parts: AuthenticateParts, kind: number): Promise<Buffer> {
  const request = await nextRequest(parts, { early: false })
  if (request.kind === kind) return request.body
  throw authenticationFailure('the target broke off the authentication it began')
}

async function nextRequest(parts: AuthenticateParts, { early }: { early: boolean }): Promise<AuthRequest> {
  for (;;) {
    const { type, buffer, start, end } = await parts.inbox.next(parts.signal)
    if (type === 0x4e) parts.onNotice(Buffer.from(buffer.subarray(start, end)))
    else if (type === 0x45) {
      const { code, message: text } = readDiagnostics(buffer, start, end)
      throw refusedByTarget(code, text, early)
    } else if (type === 0x52 && end - start >= 9)
      return { kind: buffer.readInt32BE(start + 5), body: Buffer.from(buffer.subarray(start + 9, end)) }
    else throw authenticationFailure('the target sent something else than an authentication request')
  }
}
