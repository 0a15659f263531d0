import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSealingKey } from './sealing-key'

const ids = { now: () => Date.now(), random: (length: number) => randomBytes(length) }
let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sealing-key-'))
})
afterEach(() => rm(home, { recursive: true }))

describe('the sealing key', () => {
  it('is made once and found again, readable by its owner only', async () => {
    const folder = join(home, 'keys')
    const made = await loadSealingKey(folder, ids)
    expect(await loadSealingKey(folder, ids)).toEqual(made)
    expect((await stat(join(folder, 'sealing-key.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('is the same for workers that start at once, and nothing else is left behind', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadSealingKey(home, ids)))
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1)
    expect(await readdir(home)).toEqual(['sealing-key.json'])
  })

  it.each(['', '{}', 'not json'])('that cannot be read (%j) stops the start and is not replaced', async (content) => {
    const path = join(home, 'sealing-key.json')
    await writeFile(path, content)
    await expect(loadSealingKey(home, ids)).rejects.toMatchObject({ code: 'startup_failed' })
    expect(await readFile(path, 'utf8')).toBe(content)
  })
})
