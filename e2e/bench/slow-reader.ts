import { connect } from 'node:net'
import { residentMiB } from '../fixtures/processes'
import type { Route } from './pgbench'

export interface SlowRead {
  readonly megabytes: number
  readonly seconds: number
  readonly memoryBeforeMiB: number
  readonly memoryPeakMiB: number
  readonly growthMiB: number
}

const text = (value: string) => Buffer.from(`${value}\0`)
const int32 = (value: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}

/**
 * Reads a result of `megabytes` over a raw socket: nothing at all for three seconds, then at most 25 MB/s, so that whatever
 * the gateway buffers shows in the memory of its worker `processId`.
 */
export async function readSlowly(route: Route, megabytes: number, processIds: readonly number[]): Promise<SlowRead> {
  const started = Date.now()
  const memoryBeforeMiB = residentMiB(processIds)
  let peak = memoryBeforeMiB
  const sampler = setInterval(() => {
    peak = Math.max(peak, residentMiB(processIds))
  }, 50)
  const socket = connect(route.port, '127.0.0.1')
  let received = 0
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`the connection closed after ${received} bytes`)))
    socket.once('connect', () => {
      const fields = Buffer.concat([
        int32(196_608),
        text('user'),
        text(route.user),
        text('database'),
        text(route.database),
        Buffer.from([0]),
      ])
      socket.write(Buffer.concat([int32(fields.length + 4), fields]))
    })
    let authenticated = false
    let queried = false
    socket.on('data', (chunk: Buffer) => {
      if (!authenticated && chunk[0] === 0x52) {
        authenticated = true
        const password = text(route.password)
        socket.write(Buffer.concat([Buffer.from('p'), int32(password.length + 4), password]))
        return
      }
      if (!queried && chunk.subarray(-6, -5).toString() === 'Z') {
        queried = true
        const query = text(`SELECT i, repeat(md5(i::text), 31) FROM generate_series(1, ${megabytes * 1000}) AS i`)
        socket.write(Buffer.concat([Buffer.from('Q'), int32(query.length + 4), query]))
        socket.pause()
        setTimeout(() => socket.resume(), 3_000)
        return
      }
      if (!queried) return
      received += chunk.length
      if (chunk.subarray(-6, -5).toString() === 'Z') return resolve()
      const dueMs = (received / 25_000_000) * 1000 + 3_000 - (Date.now() - started)
      if (dueMs > 5) {
        socket.pause()
        setTimeout(() => socket.resume(), dueMs)
      }
    })
  })
  socket.removeAllListeners('close')
  socket.destroy()
  clearInterval(sampler)
  return {
    megabytes: Math.round(received / 1e6),
    seconds: (Date.now() - started) / 1000,
    memoryBeforeMiB,
    memoryPeakMiB: peak,
    growthMiB: peak - memoryBeforeMiB,
  }
}
