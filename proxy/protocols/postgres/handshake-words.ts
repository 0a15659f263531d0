import type { Socket } from 'node:net'
import type { StartTimer } from '#proxy/core/timer'

/** A client that does not read its last words is not waited for any longer. */
const LAST_WORDS_MS = 2_000

/** Writes `bytes` as the last ones. Resolves when they have left (through TLS, where there is TLS), or cannot any more. */
export function sendLast(socket: Socket, bytes: Uint8Array, startTimer: StartTimer): Promise<void> {
  if (!socket.writable) return Promise.resolve()
  return new Promise((resolve) => {
    const stopTimer = startTimer(LAST_WORDS_MS, () => socket.destroy())
    const done = () => {
      stopTimer()
      socket.off('finish', done)
      socket.off('close', done)
      resolve()
    }
    socket.once('finish', done)
    socket.once('close', done)
    socket.end(bytes)
  })
}
