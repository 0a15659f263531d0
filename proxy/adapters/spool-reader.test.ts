import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { SessionId } from '#lib/domain/ids'
import { Spool } from '#proxy/core/spool'
import { frameId } from '#proxy/core/spool-frames'
import { segmentName, spoolFiles } from './spool-files'
import { eachFrame } from './spool-index'
import { SpoolReader } from './spool-reader'

const root = mkdtempSync(join(tmpdir(), 'sallyport-reader-'))
afterAll(() => rmSync(root, { recursive: true }))

const KEY = Buffer.alloc(32, 9)
const SESSION = 'ses_aaaaaaaaaaaaaaaaaaaa' as SessionId

/** A spool folder with `blocks` blocks of one raw frame each, as its writer left it. */
function written(blocks: number, options: { closed?: boolean; segmentBytes?: number } = {}): string {
  const folder = mkdtempSync(join(root, 'spool-'))
  const spool = new Spool({
    disk: spoolFiles(folder),
    key: KEY,
    random: (length) => Buffer.alloc(length, 3),
    later: () => {},
    delay: () => {},
    onAppended: () => {},
    onSynced: () => {},
    onFailed: (error) => {
      throw error
    },
    ...(options.segmentBytes !== undefined && { segmentBytes: options.segmentBytes }),
  })
  for (let i = 0; i < blocks; i++) {
    spool.frames.raw(frameId(SESSION), 'out', i * 10, 1, Buffer.from(`0123456${String(i).padStart(3, '0')}`))
    spool.touch({ blockAppended: () => {} })
    spool.flush()
  }
  if (options.closed) spool.close()
  return folder
}

/** Reads a folder to its end. */
async function readAll(folder: string, key: Uint8Array = KEY) {
  const aside = join(folder, 'aside')
  const reader = new SpoolReader(folder, aside, key)
  let count = 0
  const damages: string[] = []
  for (let round = await reader.next(null); round !== null; round = await reader.next(null)) {
    for (const frames of round.frames.sessions.values())
      eachFrame(frames, ({ type }) => (count += Number(type === 'raw')))
    if (round.damage !== null) damages.push(round.damage)
    await reader.commit(round, false)
  }
  const left = readdirSync(folder).filter((name) => name.endsWith('.seg'))
  const kept = readdirSync(folder).includes('aside') ? readdirSync(aside) : []
  return { count, damages, left, kept }
}

describe('a spool read back', () => {
  it('gives every frame in order over several segments, and deletes what was committed', async () => {
    const folder = written(50, { segmentBytes: 300, closed: true })
    expect(readdirSync(folder).length).toBeGreaterThan(5)
    expect(await readAll(folder)).toEqual({ count: 50, damages: [], left: [], kept: [] })
  })

  it('ends silently at a tail torn at any byte, with every whole block before it', async () => {
    const whole = readFileSync(join(written(4), segmentName(1)))
    const blockBytes = (whole.length - 64) / 4
    for (let length = 0; length <= whole.length; length++) {
      const folder = mkdtempSync(join(root, 'spool-'))
      writeFileSync(join(folder, segmentName(1)), whole.subarray(0, length))
      const expected = Math.max(0, Math.floor((length - 64) / blockBytes))
      expect(await readAll(folder)).toEqual({ count: expected, damages: [], left: [], kept: [] })
    }
  })

  it('reports any other changed bit, gives nothing from there on, and keeps the file', async () => {
    const whole = readFileSync(join(written(5), segmentName(1)))
    const lastBlock = whole.length - (whole.length - 64) / 5
    await fc.assert(
      fc.asyncProperty(fc.nat(lastBlock - 1), fc.nat(7), async (byte, bit) => {
        const changed = Buffer.from(whole)
        changed[byte] = (changed[byte] ?? 0) ^ (1 << bit)
        const folder = mkdtempSync(join(root, 'spool-'))
        writeFileSync(join(folder, segmentName(1)), changed)
        const result = await readAll(folder)
        expect(result.damages).toHaveLength(1)
        expect(result.kept).toHaveLength(1)
        expect(result.count).toBeLessThan(5)
      }),
      { numRuns: 200 },
    )
  })

  it('takes a tail of zeros, as a disk leaves them when the power fails, for a torn one', async () => {
    const folder = written(3)
    const path = join(folder, segmentName(1))
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(5_000)]))
    expect(await readAll(folder)).toEqual({ count: 3, damages: [], left: [], kept: [] })
  })

  it('opens nothing with another key, and keeps the file', async () => {
    const result = await readAll(written(3), Buffer.alloc(32, 1))
    expect(result).toMatchObject({ count: 0, damages: ['not a segment of this key'] })
    expect(result.kept).toHaveLength(1)
  })

  it('does not take a block twice, in another place, or out of the middle', async () => {
    const whole = readFileSync(join(written(4), segmentName(1)))
    const size = (whole.length - 64) / 4
    const block = (i: number) => whole.subarray(64 + i * size, 64 + (i + 1) * size)
    for (const order of [
      [0, 0, 1, 2],
      [1, 0, 2, 3],
      [0, 2, 3, 1],
    ]) {
      const folder = mkdtempSync(join(root, 'spool-'))
      writeFileSync(join(folder, segmentName(1)), Buffer.concat([whole.subarray(0, 64), ...order.map(block)]))
      const result = await readAll(folder)
      expect(result.damages).toHaveLength(1)
      expect(result.count).toBeLessThan(2)
    }
  })

  it('holds no plain text', () => {
    const bytes = readFileSync(join(written(3), segmentName(1)))
    expect(bytes.includes('0123456')).toBe(false)
    expect(bytes.includes('ses_')).toBe(false)
  })
})
