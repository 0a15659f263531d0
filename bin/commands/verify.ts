import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type ChainVerdict, chainStart, linkLine, verifyChain } from '#lib/crypto/chain'
import { SallyportError } from '#lib/domain/errors'
import type { OperationSettled, StreamName } from '#lib/domain/event'
import { RangeHasher } from '#lib/services/sessions/range-hasher'
import type { Command } from './command'
import { readOptions, required } from './options'
import { out, outJson } from './print'

interface Verdict {
  readonly state: 'intact' | 'broken'
  readonly events: number
  readonly head: string | null
  readonly recordedBytes: number
  readonly faults: readonly string[]
}

/** Needs nothing but the file: no portal, no store. */
export const command: Command = {
  usage: ['verify FILE [--head HASH] [--json]'],
  async run(args) {
    const options = { head: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values, positionals } = readOptions(args, options, 1)
    const verdict = await verifyExport(required(positionals[0], 'FILE'), values.head ?? null)
    if (values.json) outJson(verdict)
    else if (verdict.state === 'intact')
      out(`Intact: ${verdict.events} events, ${verdict.recordedBytes} recorded bytes, head ${verdict.head}\n`)
    if (verdict.state === 'broken') throw new SallyportError('conflict', `Broken: ${verdict.faults.join('; ')}`)
  },
}

/** `expectedHead` in hex, where the reader knows it from elsewhere: without it a file that was made up whole is not found. */
export async function verifyExport(path: string, expectedHead: string | null): Promise<Verdict> {
  const file = new ExportFile()
  try {
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
    for await (const line of lines) file.line(line)
  } catch (error) {
    if (error instanceof SallyportError) throw error
    throw new SallyportError('invalid_input', `${path} cannot be read.`, { cause: error })
  }
  return file.verdict(expectedHead)
}

class ExportFile {
  readonly #chain = verifyChain()
  readonly #hasher = new RangeHasher()
  readonly #faults: string[] = []
  #head = chainStart()
  #events = 0
  #bytes = 0
  #chunks = false
  #seal: { lastSeq: number; head: string | null } | null = null

  line(text: string): void {
    const value = parse(text)
    if (this.#seal !== null) this.#fail('there are lines after the seal')
    else if (value?.kind === 'export.seal') this.#seal = { lastSeq: Number(value.lastSeq), head: String(value.head) }
    else if (value?.kind === 'export.chunk') this.#chunk(value)
    else if (this.#chunks) this.#fail('an event stands behind recorded bytes')
    else this.#event(text, value)
  }

  verdict(expectedHead: string | null): Verdict {
    const { lastSeq, head } = this.#seal ?? { lastSeq: this.#events - 1, head: null }
    if (this.#seal === null) this.#fail('the seal at the end is missing: the file is not whole')
    const chain = this.#chain.finish({ lastSeq, head: head === null ? null : Buffer.from(head, 'hex') })
    if (!chain.ok) this.#fail(`event ${chain.seq}: ${FAULTS[chain.fault]}`)
    if (this.#chunks)
      for (const stream of ['out', 'in'] as const)
        for (const { at, reason } of this.#hasher.finish(stream)) this.#fail(`byte ${at}: ${reason}`)
    const actual = this.#head.toString('hex')
    if (expectedHead !== null && expectedHead.toLowerCase() !== actual)
      this.#fail(`the head is ${actual}, not the expected one`)
    return {
      state: this.#faults.length === 0 ? 'intact' : 'broken',
      events: this.#events,
      head: chain.ok ? actual : null,
      recordedBytes: this.#bytes,
      faults: this.#faults.slice(0, 10),
    }
  }

  #event(text: string, value: Record<string, unknown> | null): void {
    const data = Buffer.from(text, 'utf8')
    this.#head = linkLine(this.#head, data)
    const sound = this.#chain.run({ firstSeq: this.#events, lastSeq: this.#events, data, head: this.#head })
    if (!sound) return
    this.#events++
    if (value?.kind === 'operation.outcome') this.#expect(value as unknown as OperationSettled)
  }

  #expect({ out: seen, outSha256, in: sent, inSha256, cut }: OperationSettled): void {
    this.#hasher.expect('out', seen[0], seen[1], outSha256, cut === true)
    if (sent && inSha256) this.#hasher.expect('in', sent[0], sent[1], inSha256, cut === true)
  }

  #chunk(value: Record<string, unknown>): void {
    this.#chunks = true
    const data = Buffer.from(String(value.data), 'base64')
    const stream: StreamName = value.stream === 'in' ? 'in' : 'out'
    const sha256 = createHash('sha256').update(data).digest()
    this.#bytes += data.length
    for (const { at, reason } of this.#hasher.chunk(stream, {
      from: Number(value.from),
      to: Number(value.to),
      data,
      stored: data,
      sha256,
    }))
      this.#fail(`byte ${at}: ${reason}`)
  }

  #fail(reason: string): void {
    this.#faults.push(reason)
  }
}

const FAULTS: Record<Extract<ChainVerdict, { ok: false }>['fault'], string> = {
  'not-json': 'cannot be read',
  'not-canonical': 'is not in the form in which it was hashed',
  'out-of-sequence': 'is missing, doubled or out of order',
  'hash-differs': 'was changed',
  'does-not-start-with-open': 'should be the header of the session',
  'goes-on-after-close': 'stands behind the end record',
  truncated: 'and what follows is missing',
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
