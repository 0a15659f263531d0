import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { sallyportCommand, sallyportDoes } from '../fixtures/connect'

const { sallyport } = inject('shared')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport policies '))
  mkdirSync(join(folder, 'policies'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const does = (...args: string[]) => sallyportDoes(sallyport, args)
const refused = async (...args: string[]) => {
  const { code, stderr, stdout } = await sallyportCommand(sallyport, args)
  return { code, lines: stderr.trim().split('\n'), stdout }
}

/** About a connection that nobody has, so that no other test meets it. */
const FORBID = '@reason("not here")\nforbid (principal, action, resource == Connection::"cli-nowhere");\n'

function manifest(cedar: string): string {
  const file = join(folder, 'sallyport.yaml')
  writeFileSync(join(folder, 'policies', 'nowhere.cedar'), cedar)
  writeFileSync(file, 'policies:\n  - { name: cli-nowhere, file: policies/nowhere.cedar }\n')
  return file
}

describe('policies in a file', () => {
  test('are read beside it, told first, applied once and exported again', async () => {
    const file = manifest(FORBID)
    expect(await does('apply', '-f', file, '--dry-run')).toContain('+ policy cli-nowhere\n    2 lines\n')
    expect(await does('apply', '-f', file)).toContain('Applied 1 change.')
    expect(await does('apply', '-f', file)).toBe('Nothing to change.\n')
    expect(await does('apply', '-f', manifest(`${FORBID}// more\n`))).toContain(
      '~ policy cli-nowhere\n    text changed\n',
    )
  })

  test('that do not stand refuse the whole file, with file, line and reason of both', async () => {
    const file = manifest(`${FORBID}forbid (principal, action, resource);\n`)
    const { code, lines } = await refused('apply', '-f', file)
    expect(code).toBe(1)
    expect(lines).toEqual([expect.stringMatching(/sallyport\.yaml:2: cli-nowhere:3: a forbid needs @reason/)])
    rmSync(join(folder, 'policies', 'nowhere.cedar'))
    const missing = await refused('apply', '-f', file)
    expect([missing.code, missing.lines]).toEqual([
      1,
      [expect.stringMatching(/sallyport\.yaml:2: the file policies\/nowhere\.cedar is empty or cannot be read$/)],
    ])
  })
})

describe('reviews', () => {
  test('are listed as every listing is', async () => {
    const page = JSON.parse(
      await does('reviews', 'list', '--state', 'expired', '--connection', 'cli-nowhere', '--json'),
    )
    expect(page).toEqual({ items: [], nextCursor: null })
    expect(await does('reviews', 'list', '--connection', 'cli-nowhere')).toBe('No reviews.\n')
  })

  test('that do not exist are refused in one line', async () => {
    for (const verb of ['show', 'approve', 'reject']) {
      const { code, lines } = await refused('reviews', verb, 'rev_00000000000000000000')
      expect([code, lines]).toEqual([1, ['sallyport: There is no such review.']])
    }
  })

  test.each([
    [['reviews']],
    [['reviews', 'approve']],
    [['reviews', 'list', '--state', 'all']],
    [['reviews', 'approve', 'rev_x', '--scope', 'ever']],
    [['reviews', 'approve', 'rev_x', '--scope', '90s']],
  ])('wrong usage %j ends with code 2', async (args) => {
    expect((await refused(...args)).code).toBe(2)
  })
})
