import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ATTACKS, type Attack, HONEST, SETUP } from '../corpora/cases'
import { connectThrough, sallyportDoes, type Through } from '../fixtures/connect'
import { type PostgresServer, startPostgresServer } from '../fixtures/postgres-server'
import { type Finished, requireProgram, run } from '../fixtures/programs'

const { sallyport } = inject('shared')
const psqlProgram = requireProgram('psql', 'postgresql-client')
const READ_ONLY = 'corpora-read-only'
const ONLY_READS = `policies:
  - name: ${READ_ONLY}
    text: |
      @reason("Agents only read here.")
      forbid (principal is Agent, action == Action::"execute", resource == Connection::"${READ_ONLY}")
      unless { context has sql && context.sql.readOnly };
`

/** It writes down every statement that reaches it. */
let target: PostgresServer
let guarded: Through
let readOnly: Through
let direct: Through

beforeAll(async () => {
  target = await startPostgresServer({ log_statement: 'all', log_replication_commands: 'on', wal_level: 'logical' })
  await target.admin('postgres', ['CREATE DATABASE corpora'])
  await target.admin('corpora', [SETUP])
  const registration = { target, database: 'corpora', guard: 'on', hold: 'ticket' } as const
  guarded = await connectThrough(sallyport, { ...registration, name: 'corpora' })
  readOnly = await connectThrough(sallyport, { ...registration, name: READ_ONLY })
  direct = { port: target.port, user: 'postgres', password: target.password, database: 'corpora' }
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-apply-'))
  writeFileSync(join(folder, 'sallyport.yaml'), ONLY_READS)
  await sallyportDoes(sallyport, ['apply', '-f', join(folder, 'sallyport.yaml')])
  rmSync(folder, { recursive: true, force: true })
})

afterAll(() => target.stop())

/** Each text is one message. Values of `startup` go into the connection string as they are. */
function psql(through: Through, texts: readonly string[], startup: Attack['startup'] = {}): Promise<Finished> {
  const where = { PGHOST: '127.0.0.1', PGSSLMODE: 'disable', PGPORT: String(through.port), PGUSER: through.user }
  const options: Record<string, string> = startup.options === undefined ? {} : { PGOPTIONS: startup.options }
  const name = `dbname='${through.database}'${startup.replication ? ` replication=${startup.replication}` : ''}`
  return run(psqlProgram, ['-X', '-A', ...texts.flatMap((text) => ['-c', text]), name], {
    env: { ...where, ...options, PGPASSWORD: through.password },
  })
}

/** The target logs a text as it came, but for the tab after a line's end. */
const reached = (text: string) => target.log().replaceAll('\n\t', '\n').includes(text)

test.each(HONEST)('$id gives what it gives without the gateway: $sql', async ({ sql }) => {
  const through = await psql(guarded, [sql])
  expect(through).toEqual(await psql(direct, [sql]))
  expect(through.stderr).not.toContain('[sallyport:')
})

test.each(ATTACKS)(
  '$id, $technique, does not reach the target',
  async ({ blockedBy, startup, before = [], blocked }) => {
    const { code, stderr } = await psql(blockedBy === 'starter' ? guarded : readOnly, [...before, blocked], startup)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(blockedBy === 'handshake' ? /^psql: error: / : /\[sallyport:(denied|pending)/)
    expect(reached(blocked)).toBe(false)
  },
)

test('what does reach the target is seen there', async () => {
  await psql(guarded, ['SELECT 20261126'])
  expect(reached('SELECT 20261126')).toBe(true)
})
