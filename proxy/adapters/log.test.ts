import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DrizzleQueryError } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from './log'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'log-'))
})
afterEach(() => rm(home, { recursive: true }))

async function logged(error: unknown): Promise<string> {
  const file = join(home, 'proxy.log')
  openLog({ to: file, level: 'info', base: { worker: 'wrk_1' } }).warn({ error }, 'it failed')
  return readFile(file, 'utf8')
}

describe('the log', () => {
  it('has a line of JSON as soon as the call returns, readable by its owner only', async () => {
    const line: unknown = JSON.parse(await logged(new Error('boom')))
    expect(line).toMatchObject({ worker: 'wrk_1', msg: 'it failed', error: { name: 'Error', message: 'boom' } })
    expect((await stat(join(home, 'proxy.log'))).mode & 0o777).toBe(0o600)
  })

  it('says why a query failed, never the query or its parameters', async () => {
    const cause = Object.assign(new Error('relation "x" does not exist'), { code: '42P01', parameters: ['canary-b'] })
    const text = await logged(new DrizzleQueryError('select canary-a from x', ['canary-c'], cause))
    expect(text).toContain('42P01')
    expect(text).toContain('relation \\"x\\" does not exist')
    expect(text).not.toContain('canary')
  })

  it('never writes fields that an error happens to carry', async () => {
    expect(await logged(Object.assign(new Error('x'), { password: 'canary' }))).not.toContain('canary')
  })

  it('survives an error that is its own cause', async () => {
    const error: Error & { cause?: unknown } = new Error('loop')
    error.cause = error
    expect(await logged(error)).toContain('loop')
  })
})
