import type { Socket } from 'node:net'
import type { ProtocolName } from '#lib/domain/connection'
import type { Denial } from '#lib/domain/denial'
import type { Authorized, Claim, ClientSocket, Gate, ProbeReport, Reach, SessionEnd, Upstream } from './ports'

/** A client whose claim has been read. `claim` is all that the pipeline looks at; the rest is the protocol's own. */
export interface Accepted {
  readonly claim: Claim
  /** The client's stream from here on (TLS when it asked for TLS), paused: the gate writes to it, the session reads it. */
  readonly socket: Socket
}

/**
 * What a protocol is. Each lives in its folder and is one line in `proxy/protocols.ts`. The pipeline calls, in this order:
 * accept → (identify, authorize) → refuse, or open the session → serve. Nothing is dialled before `serve`.
 */
export interface Protocol<A extends Accepted = Accepted> {
  readonly name: ProtocolName
  /** Obligations of a decision it can honour. What it cannot honour is denied. */
  readonly capabilities: { readonly hold: boolean; readonly mask: boolean; readonly prompt: boolean }
  /** Reads the client's hello and credential. null: dealt with (a cancel request) or gone; the socket is then closed. */
  accept(client: ClientSocket): Promise<A | null>
  /**
   * Runs the session until either side is done or `gate.signal` aborts; answers the client in its protocol in every case.
   * `upstream` is the target that `access` proves, dialled once the session's first event was on disk.
   */
  serve(accepted: A, access: Authorized, gate: Gate, upstream: Upstream): Promise<SessionEnd>
  /** Tells the client no, in its own protocol, and closes. */
  refuse(accepted: A, denial: Denial): Promise<void>
  /** The steps of a connection test after `connect`: TLS, authenticate, a first query. Reports each; throws nothing. */
  probe(access: Reach, upstream: Upstream, send: (bytes: Uint8Array) => void, report: ProbeReport): Promise<boolean>
}
