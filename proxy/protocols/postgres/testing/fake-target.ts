import { back } from './messages'
import { Peer, type Received } from './peer'

type Answer = readonly (readonly string[])[] | { readonly code: string }

/**
 * A target past its handshake that does what the test says: awaits messages, answers with whatever it is told, in turn or not,
 * whole or in pieces, or hangs up. Questions of the gateway's own it answers by itself.
 */
export class FakeTarget extends Peer {
  /** Rows, or an error, by the beginning of a question's text. */
  readonly answers = new Map<string, Answer>([
    ['SHOW search_path', [['"$user", public']]],
    ['SHOW role', [['none']]],
    ['SELECT p.name', []],
  ])
  /** Texts of the questions so far. */
  readonly asked: string[] = []
  /** When set, questions wait for it. */
  thinking: Promise<void> | undefined
  status: 'I' | 'T' | 'E' = 'I'
  #asking: string[] | null = null

  /** Awaits exactly these message types, in this order, then answers. */
  async on(types: string, ...answers: Buffer[]): Promise<void> {
    let got = ''
    while (got.length < types.length) got += (await this.next()).type
    if (got !== types) throw new Error(`the target got ${got} instead of ${types}`)
    if (answers.length > 0) this.send(...answers)
  }

  override send(...messages: Buffer[]): void {
    const ready = messages.findLast((message) => message.toString('latin1', 0, 1) === 'Z')
    if (ready !== undefined) this.status = ready.toString('latin1', 5, 6) as 'I' | 'T' | 'E'
    super.send(...messages)
  }

  /** Sends one byte at a time, each as a chunk of its own. */
  trickle(bytes: Buffer): void {
    for (const byte of bytes) this.stream.write(Buffer.of(byte))
  }

  hangUp(): void {
    this.stream.end()
  }

  protected override swallows({ type, body }: Received): boolean {
    const own = type === 'P' && body.toString('latin1', 0, 10) === 'sallyport_'
    if (this.#asking === null && !own) return false
    this.#asking ??= []
    if (type === 'P') this.#asking.push(body.toString('utf8').split('\0')[1] ?? '')
    if (type !== 'S') return true
    const asked = this.#asking
    this.#asking = null
    this.asked.push(...asked)
    if (this.thinking === undefined) this.#answer(asked)
    else void this.thinking.then(() => this.#answer(asked))
    return true
  }

  #answer(asked: readonly string[]): void {
    const { parseComplete, bindComplete, closeComplete, dataRow, complete, error, ready } = back
    const answers: Buffer[] = []
    for (const text of asked) {
      const answer = [...this.answers].find(([beginning]) => text.startsWith(beginning))?.[1]
      if (answer === undefined || 'code' in answer) {
        answers.push(parseComplete(), error(answer?.code ?? 'XX000'))
        if (this.status === 'T') this.status = 'E'
        break
      }
      answers.push(parseComplete(), bindComplete(), ...answer.map((row) => dataRow(...row)), complete('SHOW'))
      answers.push(closeComplete(), closeComplete())
    }
    this.send(...answers, ready(this.status))
  }
}
