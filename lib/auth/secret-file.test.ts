import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOrMakeSecret } from './secret-file'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-secret-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the portal’s secret', () => {
  it('is made once, for this user alone, and read from then on', () => {
    const first = readOrMakeSecret(join(folder, 'new', 'home'), 'portal.secret')
    expect(first).toHaveLength(32)
    expect(readOrMakeSecret(join(folder, 'new', 'home'), 'portal.secret')).toEqual(first)
    expect(statSync(join(folder, 'new', 'home', 'portal.secret')).mode & 0o777).toBe(0o600)
    expect(readOrMakeSecret(join(folder, 'other'), 'portal.secret')).not.toEqual(first)
  })

  it('is never replaced when it is damaged', () => {
    const path = join(folder, 'portal.secret')
    writeFileSync(path, 'short')
    expect(() => readOrMakeSecret(folder, 'portal.secret')).toThrow(expect.objectContaining({ code: 'startup_failed' }))
    expect(readFileSync(path, 'utf8')).toBe('short')
    chmodSync(path, 0o600)
  })
})
