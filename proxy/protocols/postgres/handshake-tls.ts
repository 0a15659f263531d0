import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'

/** The protocol's name in a TLS hello (IANA: ALPN protocol ids). */
const ALPN = 'postgresql'

/**
 * The server's half of a TLS handshake on a client's socket. `head` are bytes that were read already. Resolves with null when the
 * handshake fails or the client goes away.
 */
export function acceptTls(raw: Socket, head: Buffer, context: SecureContext): Promise<TLSSocket | null> {
  if (head.length > 0) raw.unshift(head)
  return new Promise((resolve) => {
    const socket = new TLSSocket(raw, { isServer: true, secureContext: context, ALPNProtocols: [ALPN] })
    socket.on('error', () => undefined)
    const failed = () => {
      socket.destroy()
      raw.destroy()
      resolve(null)
    }
    socket.once('close', failed)
    socket.once('secure', () => {
      socket.off('close', failed)
      resolve(socket)
    })
  })
}

/** Whether the client named our protocol in its hello, as one that starts with TLS must. */
export function namedProtocol(socket: TLSSocket): boolean {
  return socket.alpnProtocol === ALPN
}
