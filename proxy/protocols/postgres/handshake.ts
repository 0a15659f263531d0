import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { Limits } from '#lib/domain/limits'
import { ipBytes } from '#lib/network/ip-bytes'
import type { ClientSocket } from '#proxy/core/ports'
import type { Accepted } from '#proxy/core/protocol'
import type { StartTimer } from '#proxy/core/timer'
import { errorResponse } from './codec/encode'
import {
  AUTH,
  authentication,
  type BackendKey,
  CANCEL_REQUEST,
  GSS_REQUEST,
  negotiateProtocolVersion,
  SSL_REQUEST,
} from './handshake-messages'
import { ClientReader } from './handshake-reader'
import { refuseStart, StartRefusal } from './handshake-refusal'
import { readStartup, type Startup } from './handshake-startup'
import { acceptTls, namedProtocol } from './handshake-tls'
import { sendLast } from './handshake-words'

/** A client that has sent its startup packet and its token. It waits for our AuthenticationOk or an error. */
export interface PostgresAccepted extends Accepted {
  readonly settings: Startup['settings']
  /** What the client sent behind its token; empty as a rule. */
  readonly head: Buffer
}

export interface HandshakeParts {
  /** What clients get when they ask for TLS; as it is now. */
  secureContext(): SecureContext
  /** Resolves once the cancel request was passed on, or is known to be nobody's. */
  cancel(key: BackendKey): Promise<void>
  readonly startTimer: StartTimer
  readonly limits: Pick<Limits, 'handshakeMs' | 'startupBytes'>
}

const TLS_RECORD = 0x16
const CANCEL_BYTES = 16
const PASSWORD_BYTES = 4_096

/**
 * Everything up to the client's token. null: a cancel request, a client that left, or one that was turned away; its socket is then
 * to be closed. Never rejects because of what a client sends.
 */
export async function acceptClient(client: ClientSocket, parts: HandshakeParts): Promise<PostgresAccepted | null> {
  const start = new ClientStart(client, parts)
  const stopTimer = parts.startTimer(parts.limits.handshakeMs, () => start.expire())
  try {
    return await start.run()
  } catch (error) {
    if (!(error instanceof StartRefusal)) throw error
    start.complain(error)
    return null
  } finally {
    stopTimer()
    await start.farewell
  }
}

class ClientStart {
  readonly #parts: HandshakeParts
  readonly #raw: Socket
  readonly #loopback: boolean
  #socket: Socket
  #reader: ClientReader
  #encrypted = false
  #shakingHands = false
  #over = false
  /** Resolves when the last words to a client that is turned away have left. */
  farewell: Promise<void> | undefined

  constructor(client: ClientSocket, parts: HandshakeParts) {
    this.#parts = parts
    this.#raw = client.socket
    this.#socket = client.socket
    this.#loopback = isLoopback(client.address)
    this.#reader = new ClientReader(client.socket)
  }

  async run(): Promise<PostgresAccepted | null> {
    const started = await this.#preamble()
    if (!started) return this.#leave()
    if (!this.#encrypted && !this.#loopback)
      throw refuseStart('28000', 'this gateway requires TLS', 'Connect with sslmode=require or stronger.')
    if (started.negotiate) this.#socket.write(negotiateProtocolVersion(started.unknownOptions))
    this.#socket.write(authentication(AUTH.cleartext))
    const token = await this.#password()
    if (token === null) return this.#leave()
    const head = this.#reader.release()
    return { claim: { ...started.claim, token }, settings: started.settings, socket: this.#socket, head }
  }

  /** The time is up: whoever waits for the client stops. */
  expire(): void {
    if (this.#shakingHands) this.#raw.destroy()
    else this.complain(refuseStart('57014', 'the gateway waited too long for the client to sign in'))
    this.#reader.stop()
  }

  /** Tells the client why it is turned away; the first time counts. */
  complain({ complaint }: StartRefusal): void {
    if (this.#over) return
    this.#over = true
    this.farewell = sendLast(this.#socket, errorResponse(complaint), this.#parts.startTimer)
    this.#leave()
  }

  #leave(): null {
    this.#over = true
    this.#reader.release()
    return null
  }

  /** TLS and GSS requests, each once at most, then the startup packet; or a cancel request. */
  async #preamble(): Promise<Startup | null> {
    const seen = new Set<number>()
    for (;;) {
      const first = await this.#reader.peek(1)
      if (first?.[0] === TLS_RECORD && seen.size === 0 && !this.#encrypted) {
        if (!(await this.#encrypt({ direct: true }))) return null
        continue
      }
      const head = await this.#reader.take(8)
      if (!head) return null
      const length = head.readInt32BE(0)
      const code = head.readInt32BE(4)
      if (code === CANCEL_REQUEST) return await this.#cancel(length)
      if (code !== SSL_REQUEST && code !== GSS_REQUEST) return await this.#startup(length, code)
      if (seen.has(code) || length !== 8) throw refuseStart('08P01', 'the encryption request is malformed or repeated')
      seen.add(code)
      if (!(await this.#answerEncryption(code))) return null
    }
  }

  /** Bytes sent before the answer may be an intruder's, meant to be taken for what comes encrypted (CVE-2021-23214). */
  async #answerEncryption(code: number): Promise<boolean> {
    if (this.#encrypted || this.#reader.held > 0)
      throw refuseStart('08P01', 'data was received where an answer to an encryption request was due')
    if (code === SSL_REQUEST) return await this.#encrypt({ direct: false })
    this.#socket.write('N')
    return true
  }

  async #encrypt({ direct }: { direct: boolean }): Promise<boolean> {
    const head = this.#reader.release()
    if (!direct) this.#raw.write('S')
    this.#shakingHands = true
    const socket = await acceptTls(this.#raw, head, this.#parts.secureContext())
    this.#shakingHands = false
    if (!socket || this.#over) return false
    if (direct && !namedProtocol(socket)) {
      socket.destroy()
      return false
    }
    this.#socket = socket
    this.#encrypted = true
    this.#reader = new ClientReader(socket)
    return true
  }

  async #cancel(length: number): Promise<null> {
    if (length !== CANCEL_BYTES) return null
    const key = await this.#reader.take(8)
    if (key) await this.#parts.cancel({ processId: key.readInt32BE(0), secret: Buffer.from(key.subarray(4)) })
    return null
  }

  async #startup(length: number, version: number): Promise<Startup | null> {
    if (length < 9 || length > this.#parts.limits.startupBytes)
      throw refuseStart('08P01', 'the startup packet has an impossible length: is this a PostgreSQL client?')
    const body = await this.#reader.take(length - 8)
    return body && readStartup(version, body)
  }

  async #password(): Promise<string | null> {
    const head = await this.#reader.take(5)
    if (!head) return null
    const length = head.readInt32BE(1)
    if (head[0] !== 0x70) throw refuseStart('08P01', 'the access token was expected as a password')
    if (length < 5 || length > PASSWORD_BYTES) throw refuseStart('28P01', 'the password has an impossible length')
    const body = await this.#reader.take(length - 4)
    if (!body) return null
    if (body.indexOf(0) !== body.length - 1) throw refuseStart('08P01', 'the password message is malformed')
    const token = body.toString('utf8', 0, body.length - 1)
    body.fill(0)
    return token
  }
}

function isLoopback(address: string): boolean {
  const bytes = ipBytes(address)
  if (!bytes) return false
  return bytes.length === 4 ? bytes[0] === 127 : bytes.equals(Buffer.from('00000000000000000000000000000001', 'hex'))
}
