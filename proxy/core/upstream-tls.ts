import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from 'node:tls'
import type { Clock } from '#lib/domain/clock'
import { SallyportError } from '#lib/domain/errors'
import type { TlsPeer, UpstreamTls } from './ports'
import type { Trust } from './trust'

const HANDSHAKE_MS = 10_000
const DAY_MS = 86_400_000

/** TLS on a connected socket, at least 1.2. Rejects with `target_refused` in words fit for an admin and a client. */
export async function encrypt(
  plain: Socket,
  options: UpstreamTls,
  parts: { readonly clock: Clock; readonly trust: Trust },
): Promise<{ socket: Socket; peer: TlsPeer }> {
  const material = await materialFor(options, parts.trust)
  if (plain.destroyed) throw refused('the connection to the target ended before TLS began')
  let socket: TLSSocket
  try {
    socket = connect({ socket: plain, ...tlsOptions(options), ...material })
  } catch (cause) {
    plain.destroy()
    throw refused('the certificates configured for this connection cannot be used', cause)
  }
  await established(socket, plain)
  return { socket, peer: peerOf(socket, parts.clock) }
}

function established(socket: TLSSocket, plain: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown) => {
      clearTimeout(timer)
      socket.off('error', failed)
      socket.on('error', () => undefined)
      socket.destroy()
      plain.destroy()
      reject(refused(message, cause))
    }
    const failed = (error: NodeJS.ErrnoException) => fail(wordsFor(error), error)
    const closed = () => fail('the target closed the connection during the TLS handshake')
    const timer = setTimeout(() => fail('the target did not finish the TLS handshake'), HANDSHAKE_MS)
    socket.on('error', failed)
    socket.once('close', closed)
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      socket.off('error', failed)
      socket.off('close', closed)
      resolve()
    })
  })
}

function tlsOptions(options: UpstreamTls) {
  const { serverName, verify } = options
  return {
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: verify !== 'none',
    // A name for SNI must not be an address; the identity is checked against the configured name in any case.
    ...(isIP(serverName) ? {} : { servername: serverName }),
    checkServerIdentity: (_host: string, cert: Parameters<typeof checkServerIdentity>[1]) =>
      verify === 'full' ? checkServerIdentity(serverName, cert) : undefined,
  }
}

/** Whom to believe and what to present. */
async function materialFor(
  { verify, ca, clientCert, clientKey }: UpstreamTls,
  trust: Trust,
): Promise<ConnectionOptions> {
  const own = clientCert === undefined ? {} : { cert: clientCert, key: clientKey }
  if (ca !== undefined) return { ca, ...own }
  if (verify === 'none') return own
  return clientCert === undefined ? { secureContext: await trust.context() } : { ca: await trust.authorities(), ...own }
}

function peerOf(socket: TLSSocket, clock: Clock): TlsPeer {
  const certificate = socket.getPeerX509Certificate()
  return {
    version: (socket.getProtocol() ?? 'unknown').replace(/^TLSv/, ''),
    certificate: certificate?.raw ?? null,
    validDays: certificate ? Math.floor((Date.parse(certificate.validTo) - clock.now()) / DAY_MS) : null,
  }
}

function refused(message: string, cause?: unknown): SallyportError {
  return new SallyportError('target_refused', message, { cause })
}

function wordsFor(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return "the target's certificate is for another host name (verify-full)"
    case 'CERT_HAS_EXPIRED':
      return "the target's certificate has expired"
    case 'CERT_NOT_YET_VALID':
      return "the target's certificate is not valid yet"
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
    case 'CERT_SIGNATURE_FAILURE':
      return "the target's certificate is not signed by an authority that this connection trusts"
    case 'ECONNRESET':
      return 'the target closed the connection during the TLS handshake'
    default:
      return 'the TLS handshake with the target failed'
  }
}
