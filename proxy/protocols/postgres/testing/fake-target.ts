import { Peer } from './peer'

/**
 * A target past its handshake that does what the test says: awaits messages, answers with whatever it is told, in turn or not,
 * whole or in pieces, or hangs up.
 */
export class FakeTarget extends Peer {
  /** Awaits exactly these message types, in this order, then answers. */
  async on(types: string, ...answers: Buffer[]): Promise<void> {
    let got = ''
    while (got.length < types.length) got += (await this.next()).type
    if (got !== types) throw new Error(`the target got ${got} instead of ${types}`)
    if (answers.length > 0) this.send(...answers)
  }

  /** Sends one byte at a time, each as a chunk of its own. */
  trickle(bytes: Buffer): void {
    for (const byte of bytes) this.stream.write(Buffer.of(byte))
  }

  hangUp(): void {
    this.stream.end()
  }
}
