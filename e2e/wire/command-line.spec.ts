import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { sallyportCommand, sallyportDoes } from '../fixtures/connect'
import { requireProgram, run } from '../fixtures/programs'

const { sallyport, target } = inject('shared')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport cli '))
})
afterAll(() => rmSync(folder, { recursive: true }))

const does = (...args: string[]) => sallyportDoes(sallyport, args)
const refused = async (...args: string[]) => {
  const { code, stderr, stdout } = await sallyportCommand(sallyport, args)
  return { code, lines: stderr.trim().split('\n'), stdout }
}

function manifest(name: string): string {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(
    file,
    `connections:
  - name: ${name}
    protocol: postgres
    address: 127.0.0.1:${target.port}
    access: [agents]
    settings: { database: postgres, user: postgres, tls: disable, auth: [scram-sha-256] }
    secret: { password: { file: secret.txt } }
agents:
  - { name: ${name}-bot, owner: engineer@example.com, groups: [agents] }
`,
  )
  writeFileSync(join(folder, 'secret.txt'), `${target.password}\n`)
  return file
}

describe('apply', () => {
  test('prints what it changes, changes it once, and never prints a secret', async () => {
    const file = manifest('cli-apply')
    const told = await does('apply', '-f', file, '--dry-run')
    expect(told).toContain('+ connection cli-apply')
    expect(told).toContain('Nothing was changed')
    const done = await does('apply', '-f', file)
    expect(done).toContain('Applied 2 changes.')
    expect(await does('apply', '-f', file)).toBe('Nothing to change.\n')
    expect(JSON.parse(await does('apply', '-f', file, '--json'))).toEqual({ changes: [], applied: true })
    expect(told + done).not.toContain(target.password)
  })

  test('refuses the whole file with its name, the line and the reason', async () => {
    const file = manifest('cli-wrong')
    writeFileSync(file, readFileSync(file, 'utf8').replace('access:', 'acess:'))
    const { code, lines } = await refused('apply', '-f', file)
    expect([code, lines]).toEqual([1, [`sallyport: ${file}:5: connections.0.acess: there is no such key`]])
  })
})

describe('a login', () => {
  test('is the device flow: the demo’s completes itself, and speaks as that person from then on', async () => {
    expect(await does('login', '--demo', 'auditor@example.com')).toMatch(
      /^Signed in as auditor@example\.com for 12 hours/,
    )
    expect(await does('whoami', '--as', 'auditor@example.com')).toContain('auditor@example.com (auditor)')
    expect(statSync(join(sallyport.home, 'cli', 'logins.json')).mode & 0o777).toBe(0o600)
    const denied = await refused('apply', '-f', manifest('cli-denied'), '--as', 'auditor@example.com')
    expect(denied.code).toBe(1)
    expect(denied.lines).toHaveLength(1)
    expect(denied.lines[0]).toMatch(/^sallyport: Your roles do not include connections:write/)
  })

  test('of somebody the provider does not know is refused', async () => {
    const { code, lines } = await refused('login', '--demo', 'nobody@example.com')
    expect([code, lines]).toEqual([1, ['sallyport: The demo provider does not know nobody@example.com.']])
  })

  test('is not asked for by the operator, who says who it is', async () => {
    expect(await does('whoami')).toMatch(/^operator \(operator\)/)
    const { code, lines } = await refused('whoami', '--as', 'nobody@example.com')
    expect([code, lines.length]).toEqual([1, 1])
  })
})

describe('a session', () => {
  test('is made with a printed token, listed, shown, exported and verified; an edited export is found out', async () => {
    await does('apply', '-f', manifest('cli-session'))
    const token = await does(
      'token',
      'create',
      '--agent',
      'cli-session-bot',
      '--run',
      'job',
      '--connection',
      'cli-session',
    )
    expect(token).toMatch(/^sp_[0-9A-Za-z]{43}\n$/)
    const psql = await run(requireProgram('psql', 'postgresql-client'), ['-X', '-At'], {
      input: "select 'seen by the client';\nselect broken;\n",
      env: {
        PGHOST: '127.0.0.1',
        PGPORT: String(sallyport.ports.postgres),
        PGUSER: 'me',
        PGPASSWORD: token.trim(),
        PGDATABASE: 'cli-session',
        PGSSLMODE: 'disable',
      },
    })
    expect(psql.stdout).toContain('seen by the client')
    const listed = async () =>
      JSON.parse(await does('sessions', 'list', '--connection', 'cli-session', '--json')) as {
        items: { id: string; state: string; operations: number; run: { label: string } }[]
        nextCursor: string | null
      }
    await expect.poll(async () => (await listed()).items[0]?.state, { timeout: 15_000 }).toBe('ended')
    const [session] = (await listed()).items
    expect(session).toMatchObject({ operations: 2, run: { label: 'job' } })
    const id = session?.id ?? ''
    expect(await does('sessions', 'list', '--query', 'cli-session-bot')).toContain(id)
    const shown = await does('sessions', 'show', id)
    expect(shown).toContain("select 'seen by the client'")
    expect(shown).toMatch(/error .*select broken/)
    const file = join(folder, 'export.jsonl')
    await does('sessions', 'export', id, '--recording', '-o', file)
    expect(await does('verify', file)).toMatch(/^Intact: \d+ events, \d+ recorded bytes/)
    writeFileSync(file, readFileSync(file, 'utf8').replace('seen by the client', 'seen by no client'))
    const edited = await refused('verify', file)
    expect(edited.code).toBe(1)
    expect(edited.lines[0]).toContain('was changed')
  })

  test('that does not exist is refused in one line', async () => {
    const { code, lines } = await refused('sessions', 'show', 'ses_00000000000000000000')
    expect([code, lines]).toEqual([1, ['sallyport: There is no such session.']])
  })
})

describe('a connection test', () => {
  test('shows its steps, and its exit code says how it went', async () => {
    await does('apply', '-f', manifest('cli-test'))
    expect(await does('connections', 'test', 'cli-test')).toMatch(/query +passed/)
    expect(await does('connections', 'list')).toMatch(/cli-test +postgres .* passed/)
    const file = manifest('cli-broken')
    writeFileSync(join(folder, 'secret.txt'), 'not the password')
    await does('apply', '-f', file)
    const { code, stdout, lines } = await refused('connections', 'test', 'cli-broken')
    expect(code).toBe(1)
    expect(stdout).toMatch(/authenticate +failed/)
    expect(lines[0]).toMatch(/^sallyport: cli-broken: authenticate: /)
  })
})

test.each([
  [['nonsense']],
  [['sessions']],
  [['sessions', 'list', '--nope']],
  [['token', 'create', '--ttl', 'soon']],
  [['apply']],
  [['verify']],
])('wrong usage %j ends with code 2 and says what is right', async (args) => {
  const { code, stdout } = await refused(...args)
  expect([code, stdout]).toEqual([2, ''])
})
