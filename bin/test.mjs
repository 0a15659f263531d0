#!/usr/bin/env node
// Installs what the tests need, builds, then runs the static checks and every test. Ends with `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './prepare.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Real clients and servers that the wire and browser tests drive, and the Debian packages that bring them. */
const CLIENTS = [
  { name: 'psql', debian: 'postgresql-client', present: () => onPath('psql') },
  { name: 'PostgreSQL server', debian: 'postgresql', present: () => onPath('postgres') },
  { name: 'pgbench', debian: 'postgresql-contrib', present: () => onPath('pgbench') },
  { name: 'chromium', debian: 'chromium', present: () => onPath('chromium') },
  { name: 'ssh', debian: 'openssh-client', present: () => onPath('ssh') },
  { name: 'sshd', debian: 'openssh-server', present: () => onPath('sshd') },
  {
    name: 'psycopg2',
    debian: 'python3-psycopg2',
    present: () => answers('/usr/bin/python3', ['-c', 'import psycopg2']),
  },
  {
    name: 'psycopg',
    debian: 'python3-psycopg',
    present: () => answers('/usr/bin/python3', ['-c', 'import psycopg']),
  },
  { name: 'asyncpg', debian: 'python3-asyncpg', present: () => answers('/usr/bin/python3', ['-c', 'import asyncpg']) },
  { name: 'DBD::Pg', debian: 'libdbd-pg-perl', present: () => answers('/usr/bin/perl', ['-MDBD::Pg', '-e', '1']) },
  { name: 'pgjdbc', debian: 'libpostgresql-jdbc-java', present: () => existsSync('/usr/share/java/postgresql.jar') },
  { name: 'java', debian: 'default-jdk-headless', present: () => onPath('java') && onPath('javac') },
]

function folders() {
  const servers = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin 2>/dev/null'], { encoding: 'utf8' })
  return [...(process.env.PATH ?? '').split(':'), '/usr/sbin', ...servers.stdout.split('\n')].filter(Boolean)
}

function onPath(program) {
  return folders().some((folder) => existsSync(join(folder, program)))
}

function answers(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

/** Installs missing clients from Debian's packages where it may; otherwise says what is missing and how to get it. */
function installClients() {
  const missing = CLIENTS.filter((client) => !client.present())
  if (missing.length === 0) return true
  const packages = missing.map((client) => client.debian)
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.log(`Installing ${packages.join(', ')}`)
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { env: environment, stdio: 'ignore' })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  const still = missing.filter((client) => !client.present())
  if (still.length === 0) return true
  console.error(`Missing: ${still.map((client) => client.name).join(', ')}.`)
  console.error(`On Debian, as root: apt-get install ${still.map((client) => client.debian).join(' ')}`)
  return false
}

function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  const report = join(folder, 'report.json')
  const code = await run(process.execPath, [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ])
  const counted = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  rmSync(folder, { recursive: true, force: true })
  if (!counted) return { passed: 0, failed: 1 }
  const failed = counted.numFailedTests
  // A file that could not even be loaded, or a broken setup, counts as a failure although it ran no test.
  return { passed: counted.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed }
}

const started = Date.now()
await prepare()
if (!installClients()) process.exit(1)
const checks = await run(process.execPath, ['bin/verify.mjs', '--static'])
const tests = await runTests()
const passed = tests.passed + (checks === 0 ? 1 : 0)
const failed = tests.failed + (checks === 0 ? 0 : 1)
console.log(`${((Date.now() - started) / 1000).toFixed(0)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
