import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type PostgresServer } from '../fixtures/postgres-server'
import { findProgram, userIds } from '../fixtures/programs'
import type { Route } from './pgbench'

/** PgBouncer in session pooling in front of the target, where this machine has it. */
export async function startPgbouncer(
  target: PostgresServer,
  database: string,
): Promise<{ route: Route; stop(): Promise<void> } | null> {
  const program = findProgram('pgbouncer')
  if (!program) return null
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-pgbouncer-'))
  const port = await freePort()
  writeFileSync(join(folder, 'users'), `"postgres" "${target.password}"\n`)
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
${database} = host=127.0.0.1 port=${target.port} dbname=${database} user=postgres password=${target.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users')}
pool_mode = session
default_pool_size = 50
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
`,
  )
  const owner = process.getuid?.() === 0 ? userIds('postgres') : null
  if (owner) {
    chmodSync(folder, 0o755)
    chownSync(folder, owner.uid, owner.gid)
  }
  const child = spawn(program, ['-q', join(folder, 'pgbouncer.ini')], { stdio: 'ignore', ...owner })
  await accepts(port, Date.now() + 10_000)
  return {
    route: { name: 'pgbouncer', port, user: 'postgres', password: target.password, database },
    stop: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function accepts(port: number, deadline: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const outcome = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (outcome) return
    if (Date.now() > deadline) throw new Error(`nothing accepts on port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
