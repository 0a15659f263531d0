import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimPidFile, endLeftover, readPidFile, writePidFile } from './pid-file'
import { processStart } from './process-identity'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-pid-'))
  path = join(folder, 'some.pid')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a home has one supervisor: the second is told which process the first is', async () => {
  await claimPidFile(path)
  await expect(claimPidFile(path)).rejects.toThrow(`already running with this SALLYPORT_HOME (process ${process.pid})`)
})

test.each([
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, started: 'x' })],
  ['whose pid is now somebody else’s', JSON.stringify({ pid: process.pid, started: 'long ago' })],
  ['that was only half written', '{"pid": 1'],
])('a file %s stops nobody and ends nobody', async (_, text) => {
  await writeFile(path, text)
  expect(await readPidFile(path)).toBeNull()
  await endLeftover(path)
  await claimPidFile(path)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid })
})

test('a leftover that will not end is ended, with what it started', async () => {
  const script = `
    process.on('SIGTERM', () => {})
    const below = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    setInterval(() => {}, 1000)
    console.log(below.pid)`
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const [below] = await once(child.stdout, 'data')
  await writePidFile(path, child.pid ?? 0)
  const gone = once(child, 'exit')
  await endLeftover(path, 100)
  expect(await gone).toEqual([null, 'SIGKILL'])
  await expect.poll(() => processStart(Number(below))).toBeNull()
}, 15_000)
