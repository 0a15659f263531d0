import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connectThrough, type Through } from '../fixtures/connect'
import { requireProgram, run } from '../fixtures/programs'

const { sallyport, target } = inject('shared')
const script = (name: string) => fileURLToPath(new URL(`drivers/${name}`, import.meta.url))
let through: Through
let folder: string

const DRIVERS = [
  {
    language: 'Python (psycopg2, asyncpg)',
    command: () => ['/usr/bin/python3', script('psycopg.py')],
    says: 'asyncpg cancelled',
  },
  { language: 'Perl (DBD::Pg)', command: () => ['/usr/bin/perl', script('dbd.pl')], says: 'asynchronous: 1' },
  {
    language: 'Java (pgjdbc)',
    command: () => [
      requireProgram('java', 'default-jdk-headless'),
      '-cp',
      `/usr/share/java/postgresql.jar:${folder}`,
      'Driver',
    ],
    says: 'after cancel: [usable]',
  },
  {
    language: 'JavaScript (node-postgres, postgres.js)',
    command: () => [process.execPath, script('node-drivers.mjs')],
    says: 'postgres.js copy',
  },
]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-drivers-'))
  const compiled = await run(requireProgram('javac', 'default-jdk-headless'), [
    '-cp',
    '/usr/share/java/postgresql.jar',
    '-d',
    folder,
    script('Driver.java'),
  ])
  expect(compiled.stderr).toBe('')
  const admin = postgres({
    host: '127.0.0.1',
    port: target.port,
    user: 'postgres',
    password: target.password,
    database: 'postgres',
    max: 1,
  })
  await admin.unsafe('CREATE DATABASE drivers')
  await admin.end()
  through = await connectThrough(sallyport, { name: 'drivers', target, database: 'drivers' })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(DRIVERS)('$language prints the same through the gateway as direct', async ({ command, says }) => {
  const [program = '', ...args] = command()
  const common = { PGHOST: '127.0.0.1', PGSSLMODE: 'disable', PYTHONIOENCODING: 'utf8' }
  const direct = await run(program, args, {
    env: {
      ...common,
      PGPORT: String(target.port),
      PGUSER: 'postgres',
      PGPASSWORD: target.password,
      PGDATABASE: 'drivers',
    },
  })
  expect(direct.code, direct.stderr).toBe(0)
  const gateway = await run(program, args, {
    env: {
      ...common,
      PGPORT: String(through.port),
      PGUSER: through.user,
      PGPASSWORD: through.password,
      PGDATABASE: through.database,
    },
  })
  expect(gateway.code, gateway.stderr).toBe(0)
  expect(gateway.stdout).toBe(direct.stdout)
  expect(direct.stdout).toContain(says)
})
