import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { listen } from './listener'
import { silentLog } from './testing/fake-parts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('a listener', () => {
  it('hands over clients with their address, and survives one that resets its connection', async () => {
    const port = await freePort()
    const met: Socket[] = []
    const listener = await listen(
      { host: '127.0.0.1', port, name: 'PostgreSQL' },
      ({ socket, address }) => {
        expect(address).toBe('127.0.0.1')
        met.push(socket)
        socket.resume()
      },
      silentLog,
    )
    for (let i = 1; i <= 2; i++) {
      const client = connect(port, '127.0.0.1')
      await once(client, 'connect')
      client.write('x')
      client.resetAndDestroy()
      while (met.length < i) await new Promise((resolve) => setImmediate(resolve))
      const socket = met[i - 1]
      // Not `once` of node:events: it rejects at the reset, which on a later Node comes after this.
      if (socket && !socket.closed) await new Promise((resolve) => socket.once('close', resolve))
    }
    expect(met).toHaveLength(2)
    listener.close()
  })

  it('says in one line that its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    await expect(
      listen({ host: '127.0.0.1', port, name: 'PostgreSQL' }, () => undefined, silentLog),
    ).rejects.toMatchObject({
      code: 'startup_failed',
      message: `Cannot start the PostgreSQL listener (127.0.0.1 port ${port}): the port is taken by another program`,
    })
    taken.close()
  })
})
