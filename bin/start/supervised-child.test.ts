import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Home } from './home'
import { superviseChild } from './supervised-child'

let home: Home
beforeEach(async () => {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-child-'))
  home = { path, run: join(path, 'run'), log: join(path, 'log'), keys: join(path, 'keys') }
  for (const folder of [home.run, home.log]) await mkdir(folder)
})
afterEach(() => rm(home.path, { recursive: true, force: true }))

const log = () => readFile(join(home.log, 'thing.log'), 'utf8')

function supervise(script: string, say: (line: string) => void = () => undefined) {
  return superviseChild({
    name: 'thing',
    home,
    args: ['-e', script],
    cwd: home.path,
    env: process.env,
    drainMs: 5_000,
    say,
  })
}

test('a child that crashes is started again, and the terminal is told where its log is', async () => {
  const said = vi.fn()
  const child = await supervise(`console.log('run', process.pid); setTimeout(() => process.exit(3), 50)`, said)
  await expect.poll(async () => new Set((await log()).match(/run \d+/g)).size, { timeout: 10_000 }).toBeGreaterThan(1)
  await child.stop()
  expect(said.mock.calls[0]?.[0]).toContain(`thing ended (code 3); starting it again. Its log: ${home.log}`)
})

test('stopping lets it finish, and does not start it again', async () => {
  const said = vi.fn()
  const child = await supervise(
    `process.on('SIGTERM', () => setTimeout(() => { console.log('finished'); process.exit(0) }, 50))
     setInterval(() => {}, 1000); console.log('up')`,
    said,
  )
  await expect.poll(log, { timeout: 10_000 }).toContain('up')
  await child.stop()
  expect(await log()).toContain('finished')
  expect(said).not.toHaveBeenCalled()
})

test('one that ends before it is ready fails the start with its last words', async () => {
  const child = await supervise(`console.error('Port 1 is taken'); process.exit(1)`)
  await expect(child.started(new Promise(() => undefined))).rejects.toThrow(
    'The thing does not start (code 1): Port 1 is taken',
  )
  await child.stop()
})

test('a second supervisor replaces what a killed one left running', async () => {
  const script = `setInterval(() => {}, 1000); console.log('run', process.pid)`
  const first = await supervise(script)
  await expect.poll(log, { timeout: 10_000 }).toContain('run')
  const left = Number(/run (\d+)/.exec(await log())?.[1])
  const second = await supervise(script)
  await expect.poll(async () => (await log()).match(/run/g)?.length, { timeout: 10_000 }).toBeGreaterThan(1)
  await expect.poll(() => isAlive(left)).toBe(false)
  await Promise.all([first.stop(), second.stop()])
}, 15_000)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
