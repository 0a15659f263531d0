import { createServer, type Server, type Socket } from 'node:net'
import { SallyportError } from '#lib/domain/errors'
import type { Log } from './log'
import type { ClientSocket } from './ports'
import { Receiver } from './receive'

const KEEP_ALIVE_MS = 30_000

export interface Listener {
  /** Stops accepting; connections that are open stay open. */
  close(): void
}

/**
 * Listens for clients. Resolves once connections are accepted; under node:cluster the port is shared with the other workers.
 * Throws `startup_failed` when the port cannot be had.
 */
export async function listen(
  at: { readonly host: string; readonly port: number; readonly name: string },
  onClient: (client: ClientSocket) => void,
  log: Log,
  receiver = new Receiver(),
): Promise<Listener> {
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }
  const server = createServer({ noDelay: true, ...keepAlive, pauseOnConnect: true })
  server.on('connection', (socket) => meet(receiver.adopt(socket), onClient))
  await started(server, at)
  // Out of file descriptors, say: the client is lost, the listener is not.
  server.on('error', (error) => log.warn({ error }, 'a client could not be accepted'))
  return { close: () => void server.close() }
}

function meet(socket: Socket, onClient: (client: ClientSocket) => void): void {
  // A reset may come at any time; whoever reads or writes the socket sees it as its end.
  socket.on('error', () => undefined)
  const address = socket.remoteAddress
  if (!address) socket.destroy()
  else onClient({ socket, address: address.replace(/^::ffff:/, '') })
}

function started(server: Server, at: { host: string; port: number; name: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(cannotListen(error, at))
    server.once('error', failed)
    server.listen({ host: at.host, port: at.port }, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function cannotListen(error: NodeJS.ErrnoException, at: { host: string; port: number; name: string }): SallyportError {
  const where = `the ${at.name} listener (${at.host} port ${at.port})`
  const why = error.code === 'EADDRINUSE' ? 'the port is taken by another program' : (error.code ?? error.message)
  return new SallyportError('startup_failed', `Cannot start ${where}: ${why}`, { cause: error })
}
