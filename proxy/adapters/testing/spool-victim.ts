import { writeSync } from 'node:fs'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import { query } from '#proxy/core/testing/recorder-parts'
import { unshippedWorker } from './dead-worker'

/** A worker to be killed: eight sessions that write without end, and report on stdout what got out before it goes on. */
async function main(home: string, worker: WorkerId): Promise<void> {
  const victim = unshippedWorker(home, worker)
  for (let i = 0; i < 8; i++) {
    const id = `ses_0000000000000000000${i}` as SessionId
    const session = await victim.open(id)
    let delivered = 0
    let answer = () => {}
    session.client.onWrite = (bytes) => {
      delivered += bytes.length
      writeSync(1, `got ${id} ${delivered}\n`)
    }
    session.upstream.onWrite = (bytes) => {
      writeSync(1, `sent ${id} ${Buffer.from(bytes).toString()}\n`)
      setImmediate(answer)
    }
    let count = 0
    const next = async () => {
      const text = `insert-${++count}`
      const ruling = await session.gate.decide(query(text, count % 2 === 0 ? 'read' : 'write'))
      if (ruling.effect !== 'allow') throw new Error('refused')
      answer = () => {
        void session.gate.deliver(Buffer.alloc(count % 7 === 0 ? 90_000 : 50, 'x'))
        session.gate.settle(ruling.permit, { status: 'ok', rows: 1, statements: [] })
        void next()
      }
      void session.gate.dispatch([ruling.permit], Buffer.from(text))
    }
    void next()
  }
}

const [home = '', worker = ''] = process.argv.slice(2)
void main(home, worker as WorkerId)
