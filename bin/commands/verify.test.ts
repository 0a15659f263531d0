import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '#lib/crypto/canonical'
import { chainStart, linkLine } from '#lib/crypto/chain'
import { verifyExport } from './verify'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-verify-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const seen = Buffer.from('what the client saw')
const events: Json[] = [
  { v: 1, at: 1, seq: 0, kind: 'session.open', session: 'ses_1' },
  { v: 1, at: 2, seq: 1, kind: 'operation.intent', op: 1, text: 'select 1' },
  {
    ...{ v: 1, at: 3, seq: 2, kind: 'operation.outcome', op: 1, out: [0, seen.length] },
    outSha256: createHash('sha256').update(seen).digest('hex'),
  },
  { v: 1, at: 4, seq: 3, kind: 'session.close', reason: 'client-closed' },
]
const lines = events.map((event) => canonicalJson(event))
const head = lines.reduce((hash, line) => linkLine(hash, Buffer.from(line)), chainStart()).toString('hex')
const chunk = (data: Buffer, from = 0) =>
  canonicalJson({
    kind: 'export.chunk',
    v: 1,
    stream: 'out',
    from,
    to: from + data.length,
    data: data.toString('base64'),
  })
const seal = canonicalJson({ kind: 'export.seal', v: 1, session: 'ses_1', lastSeq: 3, head })

async function verify(file: readonly string[], expected: string | null = null) {
  const path = join(folder, 'export.jsonl')
  writeFileSync(path, `${file.join('\n')}\n`)
  return verifyExport(path, expected)
}

describe('an exported session', () => {
  it('verifies without portal or store, with its recorded bytes or without', async () => {
    expect(await verify([...lines, seal], head)).toMatchObject({ state: 'intact', events: 4, head, recordedBytes: 0 })
    const halves = [chunk(seen.subarray(0, 5)), chunk(seen.subarray(5), 5)]
    expect(await verify([...lines, ...halves, seal])).toMatchObject({ state: 'intact', recordedBytes: seen.length })
  })

  const [open = '', intent = '', outcome = '', close = ''] = lines
  it.each([
    ['an edited event', [open, intent.replace('select 1', 'select 2'), outcome, close, seal]],
    ['a removed event', [open, outcome, close, seal]],
    ['an inserted event', [open, intent, intent, outcome, close, seal]],
    ['swapped events', [open, outcome, intent, close, seal]],
    ['a cut end', [open, intent, outcome, seal]],
    ['a missing seal', [open, intent, outcome, close]],
    ['a missing header', [intent, outcome, close, seal]],
    ['other white space', [open.replace('{', '{ '), intent, outcome, close, seal]],
    ['a line that is no JSON', [open, intent, 'x', close, seal]],
    ['a line behind the seal', [...lines, seal, intent]],
    ['changed bytes', [...lines, chunk(Buffer.from(seen).fill(0)), seal]],
    ['missing bytes', [...lines, chunk(seen.subarray(0, 5)), seal]],
    ['moved bytes', [...lines, chunk(seen, 1), seal]],
    ['an empty file', ['']],
  ])('with %s is broken', async (_, file) => {
    const verdict = await verify(file)
    expect(verdict.state).toBe('broken')
    expect(verdict.faults.length).toBeGreaterThan(0)
  })

  it('that was made up whole is found only by a head that is kept elsewhere', async () => {
    expect((await verify([...lines, seal])).state).toBe('intact')
    expect((await verify([...lines, seal], 'ab'.repeat(32))).state).toBe('broken')
  })
})
