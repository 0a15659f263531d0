import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ownProcess, processLives, startOf } from './process-identity'

describe('a process', () => {
  it('lives as long as it runs, and no longer', async () => {
    const child = spawn('sleep', ['60'])
    const pid = child.pid ?? 0
    const known = { ...ownProcess(), pid, processStarted: startOf(pid) ?? '' }
    expect([processLives(ownProcess()), processLives(known)]).toEqual([true, true])
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(processLives(known)).toBe(false)
  })

  it('is not another one that has its number, or had it before the host was started anew', () => {
    const own = ownProcess()
    expect(processLives({ ...own, processStarted: '1' })).toBe(false)
    expect(processLives({ ...own, boot: 'an earlier one' })).toBe(false)
  })

  it('of which nothing but its number is known lives when one of that number does', () => {
    expect(processLives({ pid: process.pid, boot: '', processStarted: '' })).toBe(true)
  })
})
