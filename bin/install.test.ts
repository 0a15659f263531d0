import { describe, expect, test } from 'vitest'
import { isComplete, npmProblem } from './install.mjs'

const MACHINE = { os: 'linux', cpu: 'x64', libc: 'glibc' }
const lock = {
  '': {},
  'node_modules/a': { version: '1.0.0' },
  'node_modules/a-linux': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'node_modules/a-musl': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'node_modules/a-mac': { version: '1.0.0', optional: true, os: ['darwin'], cpu: ['x64'] },
  'node_modules/for-mac': { version: '1.0.0', optional: true },
}
const whole = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a-linux': { version: '1.0.0' } }

describe('an install', () => {
  test('is whole without the packages of other machines and what those need', () => {
    expect(isComplete(lock, whole, MACHINE)).toBe(true)
  })

  test('is not whole without an optional package of this machine: npm leaves one out that did not unpack', () => {
    expect(isComplete(lock, { 'node_modules/a': { version: '1.0.0' } }, MACHINE)).toBe(false)
    expect(isComplete(lock, whole, { ...MACHINE, libc: 'musl' })).toBe(false)
  })

  test('is not whole without a package, or with another version of one', () => {
    expect(isComplete(lock, { ...whole, 'node_modules/a': undefined }, MACHINE)).toBe(false)
    expect(isComplete(lock, { ...whole, 'node_modules/a': { version: '2.0.0' } }, MACHINE)).toBe(false)
  })
})

describe('what npm said is one line', () => {
  test('also when it calls an install good whose files did not fit', () => {
    const output = 'npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write\nadded 466 packages in 56s\n'
    expect(npmProblem(0, output)).toBe('No disk space left to install the dependencies')
    expect(npmProblem(0, output.replace('ENOSPC: no space', 'EIO: i/o error'))).toMatch(/^npm ci failed: EIO/)
  })

  test('that names the reason and the log', () => {
    const output = [
      'npm error code ENOTFOUND',
      'npm error syscall getaddrinfo',
      'npm error errno ENOTFOUND',
      'npm error network request to https://registry.example/a failed, reason: getaddrinfo ENOTFOUND',
      'npm error network This is a problem related to network connectivity.',
      'npm error A complete log of this run can be found in: /home/me/.npm/_logs/1.log',
    ].join('\n')
    expect(npmProblem(1, output)).toBe(
      'npm ci failed: network request to https://registry.example/a failed, reason: getaddrinfo ENOTFOUND (all it said: /home/me/.npm/_logs/1.log)',
    )
    expect(npmProblem(1, '')).toBe('npm ci failed: exit code 1')
  })

  test('or nothing when all went well', () => {
    expect(npmProblem(0, 'npm warn deprecated x\nadded 466 packages in 56s\n')).toBeNull()
  })
})
