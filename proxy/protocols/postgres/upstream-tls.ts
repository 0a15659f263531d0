import type { PostgresSettings, TlsMode } from '#lib/domain/connection'
import type { Reach, TlsPeer, Upstream, UpstreamTls } from '#proxy/core/ports'
import { sslRequest } from './handshake-messages'
import { asTargetFailure, connectionFailure, TargetFailure } from './upstream-failure'

/** Sends to the target, as the gate or the connection test lets us. */
export type Send = (bytes: Uint8Array) => Promise<void> | undefined | void

/** A connection that TLS protects. */
export interface Encrypted extends TlsPeer {
  /** Whether the gateway had a client certificate to present. */
  readonly certified: boolean
}

/** One way to try a connection. `offered`: TLS if the target has it. */
export type Encryption = 'plain' | 'offered' | 'required'

/** libpq's `sslmode`: what is tried, in this order. */
const PLANS: Readonly<Record<TlsMode, readonly Encryption[]>> = {
  disable: ['plain'],
  allow: ['plain', 'required'],
  prefer: ['offered', 'plain'],
  require: ['required'],
  'verify-ca': ['required'],
  'verify-full': ['required'],
}

export function planTls(mode: TlsMode): readonly Encryption[] {
  return PLANS[mode]
}

/** What of the target's certificate is checked. With an authority configured, libpq's `require` is `verify-ca`. */
function verification({ tls, ca }: PostgresSettings): UpstreamTls['verify'] {
  if (tls === 'verify-full') return 'full'
  return tls === 'verify-ca' || (tls === 'require' && ca !== undefined) ? 'ca' : 'none'
}

/**
 * Asks the target for TLS and starts it. null: the target has none (and `encryption` is content with that).
 * Rejects with TargetFailure.
 */
export async function requestTls(
  access: Reach,
  settings: PostgresSettings,
  upstream: Upstream,
  send: Send,
  encryption: 'offered' | 'required',
  signal: AbortSignal,
): Promise<Encrypted | null> {
  const answer = readAnswer(upstream, signal)
  await Promise.all([answer, send(sslRequest())])
  if ((await answer) === 'N') {
    if (encryption === 'offered') return null
    throw connectionFailure(`the target offers no TLS, which this connection demands (tls: ${settings.tls})`)
  }
  return await startTls(access, settings, upstream).catch((error) => {
    const { message } = asTargetFailure(error)
    // `prefer` goes on without TLS when TLS fails, as in libpq.
    throw new TargetFailure({ sqlState: '08006', message, early: encryption === 'offered', cause: error })
  })
}

async function startTls(access: Reach, settings: PostgresSettings, upstream: Upstream): Promise<Encrypted> {
  const [clientCert, clientKey] = await Promise.all([access.secret('clientCert'), access.secret('clientKey')])
  const cert = clientCert && Buffer.from(clientCert.buffer, clientCert.byteOffset, clientCert.length)
  const key = clientKey && Buffer.from(clientKey.buffer, clientKey.byteOffset, clientKey.length)
  try {
    const peer = await upstream.startTls({
      serverName: access.connection.host,
      verify: verification(settings),
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
      ...(cert && key ? { clientCert: cert, clientKey: key } : {}),
    })
    return { ...peer, certified: Boolean(cert && key) }
  } finally {
    cert?.fill(0)
    key?.fill(0)
  }
}

/** The one byte that answers an SSLRequest. Anything behind it was sent before TLS and may be an intruder's (CVE-2021-23222). */
function readAnswer(upstream: Upstream, signal: AbortSignal): Promise<'S' | 'N'> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', aborted)
      upstream.pause()
      reject(error)
    }
    const aborted = () => fail(signal.reason)
    signal.addEventListener('abort', aborted)
    upstream.read(
      (chunk) => {
        if (chunk.length > 1) return fail(connectionFailure('the target sent data before TLS began'))
        const letter = chunk.toString('latin1')
        if (letter !== 'S' && letter !== 'N') return fail(connectionFailure('the target does not speak PostgreSQL'))
        signal.removeEventListener('abort', aborted)
        upstream.pause()
        resolve(letter)
      },
      (error) => fail(connectionFailure('the target closed the connection', error)),
    )
    if (signal.aborted) aborted()
  })
}
