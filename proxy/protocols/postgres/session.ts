import type { Socket } from 'node:net'
import { type Denial, denialText } from '#lib/domain/denial'
import { SallyportError, toSallyportError } from '#lib/domain/errors'
import type { SessionEnd, Upstream } from '#proxy/core/ports'
import { readChunks } from '#proxy/core/receive'
import { endingResponse, violationResponse } from './refusal'
import { ClientFlow } from './session-client'
import { type SessionState, type SessionStateInput, sessionState } from './session-state'
import { TargetFlow } from './session-target'

/** What the session needs once both sides are authenticated and the client has its first ReadyForQuery. */
export interface SessionInput extends SessionStateInput {
  readonly client: Socket
  /** Bytes of the client that were read behind its credential; empty as a rule. */
  readonly clientHead: Buffer
  readonly upstream: Upstream
  /** Bytes of the target that were read behind its first ReadyForQuery; empty as a rule. */
  readonly upstreamHead: Buffer
}

/** How long a target may take to hang up after Terminate. */
const GOODBYE_MS = 5_000
const DETAILS = {
  'client-closed': 'The client ended the session',
  'client-lost': 'The client closed the connection without a goodbye',
} as const

/**
 * Relays one session between its first ReadyForQuery and its end. Takes over both sockets: the client's `data` events and
 * `upstream.read`. Stops reading both and drops the target's; the client has got its last words then and is the caller's to hang
 * up. Never rejects.
 */
export function runSession(input: SessionInput): Promise<SessionEnd> {
  return new Promise((resolve) => new Session(input, resolve).start())
}

class Session {
  readonly #input: SessionInput
  readonly #state: SessionState
  readonly #client: ClientFlow
  readonly #target: TargetFlow
  readonly #resolve: (end: SessionEnd) => void
  #ended = false
  #stopReading: () => void = () => undefined
  /** The client is done: how the session ends once the target has hung up. */
  #leaving: SessionEnd | null = null
  #goodbye: NodeJS.Timeout | undefined

  constructor(input: SessionInput, resolve: (end: SessionEnd) => void) {
    this.#input = input
    this.#resolve = resolve
    const state = sessionState(input)
    this.#state = state
    this.#client = new ClientFlow(state, {
      fail: (error) => this.#fail(error, 'client'),
      pause: () => input.client.pause(),
      resume: () => input.client.resume(),
      lost: () => this.#clientLost(),
      terminated: (how) => this.#waitForGoodbye(how),
    })
    this.#target = new TargetFlow(state, {
      fail: (error) => this.#fail(error, 'target'),
      pause: () => input.upstream.pause(),
      resume: () => input.upstream.resume(),
      answered: () => this.#client.run(),
    })
    input.holds.connect((message) => {
      this.#target.say(message)
      this.#client.watch()
    })
  }

  start(): void {
    const { client, clientHead, upstream, upstreamHead, gate } = this.#input
    if (gate.signal.aborted) {
      this.#aborted()
      return
    }
    gate.signal.addEventListener('abort', this.#aborted)
    this.#stopReading = readChunks(client, this.#fromClient)
    client.on('end', this.#clientEnded)
    client.on('error', this.#clientLost)
    client.on('close', this.#clientLost)
    // It was paused behind its credential; a listener alone does not set it going again.
    client.resume()
    upstream.read(
      (chunk) => this.#target.push(chunk),
      () => this.#targetClosed(),
    )
    if (upstreamHead.length > 0) this.#target.push(upstreamHead)
    if (clientHead.length > 0) this.#client.push(clientHead)
    if (client.destroyed) this.#clientLost()
    else if (client.readableEnded) this.#clientEnded()
  }

  readonly #fromClient = (chunk: Buffer): void => this.#client.push(chunk)

  readonly #clientEnded = (): void => this.#client.endInput()

  readonly #clientLost = (): void => {
    this.#input.holds.leave()
    this.#end(this.#leaving ?? { reason: 'client-lost', detail: DETAILS['client-lost'] })
  }

  readonly #aborted = (): void => {
    this.#target.flush()
    const { gate, sessionUrl } = this.#input
    const denial: Denial = gate.ending?.denial ?? { kind: 'unavailable', reason: 'The session was ended' }
    if (!this.#ended && !this.#target.midMessage) gate.farewell(endingResponse(denial, sessionUrl))
    this.#end({ reason: gate.ending?.reason ?? 'error', detail: denialText(denial) })
  }

  #targetClosed(): void {
    this.#target.flush()
    const { over } = this.#target
    if (this.#leaving !== null) {
      this.#end(this.#leaving)
      return
    }
    if (over === null) {
      this.#lastWords(endingResponse({ kind: 'unavailable', reason: 'The target closed the connection' }, null))
    }
    const detail = over === null ? 'The target closed the connection' : `The target ended the session: ${over}`
    this.#end({ reason: 'target-closed', detail })
  }

  /** The client said Terminate: the target works off what it has and hangs up. */
  #waitForGoodbye(how: 'client-closed' | 'client-lost'): void {
    const end: SessionEnd = { reason: how, detail: DETAILS[how] }
    this.#leaving = end
    this.#goodbye = setTimeout(() => this.#end(end), GOODBYE_MS)
  }

  #fail(error: unknown, peer: 'client' | 'target'): void {
    if (this.#ended) return
    this.#target.flush()
    const known = toSallyportError(error)
    const { ending } = this.#input.gate
    if (ending !== null) {
      this.#aborted()
      return
    }
    this.#lastWords(violationResponse(known, peer))
    const who = peer === 'client' ? 'The client' : 'The target'
    if (known.code === 'limit_exceeded')
      this.#end({ reason: 'limit-exceeded', detail: `${who} exceeded a limit: ${known.message}` })
    else if (known.code === 'protocol_violation') {
      this.#end({ reason: 'protocol-violation', detail: `${who} broke the protocol: ${known.message}` })
    } else this.#end({ reason: 'error', detail: known.message })
  }

  /** Says why it is over, unless that would land in the middle of a message. */
  #lastWords(message: Buffer): void {
    if (this.#ended || this.#target.midMessage) return
    try {
      void this.#input.gate.deliver(message)
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error
    }
  }

  #end(end: SessionEnd): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#goodbye)
    this.#client.close()
    this.#target.close()
    this.#state.knowledge.close()
    const { client, upstream, gate } = this.#input
    gate.signal.removeEventListener('abort', this.#aborted)
    this.#stopReading()
    client.off('end', this.#clientEnded)
    client.off('close', this.#clientLost)
    // Its errors no longer matter, but must have a listener. What it still sends is read and dropped: closing a socket with unread
    // bytes would take the last words with it.
    client.on('data', () => undefined)
    client.resume()
    upstream.destroy()
    this.#resolve(end)
  }
}
