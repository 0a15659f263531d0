import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '../client'
import { type Cluster, type ClusterInput, startCluster } from './cluster'

let root: string
let running: Cluster[]
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sallyport-cluster-'))
  await chmod(root, 0o711)
  running = []
})
afterEach(async () => {
  for (const cluster of running) await cluster.stop()
  await rm(root, { recursive: true, force: true })
})

async function start(extra: Partial<ClusterInput> = {}): Promise<Cluster> {
  const folder = join(root, 'a folder')
  const settings = { fsync: 'off', shared_buffers: '16MB' }
  const cluster = await startCluster({
    folder,
    superuser: 'postgres',
    password: 'p w/%',
    listen: null,
    settings,
    ...extra,
  })
  running.push(cluster)
  return cluster
}

async function ask<T>(cluster: Cluster, query: string, password = 'p w/%'): Promise<T | undefined> {
  const sql = connect(cluster.url('postgres', password, 'postgres'), { max: 1, applicationName: 'test' })
  try {
    const [row] = await sql.unsafe<{ value: T }[]>(query)
    return row?.value
  } finally {
    await sql.end({ timeout: 1 })
  }
}

test('a cluster is safe as made: checksums, SCRAM, no port, nobody without the password', async () => {
  const cluster = await start()
  const value = (setting: string) => ask<string>(cluster, `select current_setting('${setting}') as value`)
  expect(await value('data_checksums')).toBe('on')
  expect(await value('password_encryption')).toBe('scram-sha-256')
  expect(await value('listen_addresses')).toBe('')
  expect(await value('server_encoding')).toBe('UTF8')
  await expect(ask(cluster, 'select 1 as value', 'another')).rejects.toMatchObject({ code: '28P01' })
  const sockets = await value('unix_socket_directories')
  expect((await stat(sockets ?? '')).mode & 0o777).toBe(0o700)
})

test('as root it does not run as root', async () => {
  const cluster = await start()
  const owner = await stat(join(root, 'a folder', 'data'))
  expect(owner.uid).not.toBe(0)
  if (process.platform === 'linux') expect((await stat(`/proc/${cluster.pid}`)).uid).toBe(owner.uid)
})

test('a server that outlived its supervisor is taken over, with what it holds', async () => {
  const first = await start()
  await ask(first, 'create table kept as select 1 as value')
  const second = await start()
  expect(second.pid).toBe(first.pid)
  expect(await ask(second, 'select value from kept')).toBe(1)
  await second.stop()
  await first.gone
})

test('after kill -9 of the server it starts again with everything that was committed', async () => {
  const first = await start()
  await ask(first, 'create table kept as select 1 as value')
  process.kill(first.pid, 'SIGKILL')
  await first.gone
  const second = await start()
  expect(second.pid).not.toBe(first.pid)
  expect(await ask(second, 'select value from kept')).toBe(1)
})

test('a pid file whose pid is somebody else’s by now stops nobody', async () => {
  const first = await start()
  process.kill(first.pid, 'SIGKILL')
  await first.gone
  const path = join(root, 'a folder', 'data', 'postmaster.pid')
  await writeFile(path, (await readFile(path, 'utf8')).replace(/^\d+/, String(process.ppid)))
  expect(await ask(await start(), 'select 1 as value')).toBe(1)
})

test('an attempt that was killed half way leaves nothing that looks like a cluster', async () => {
  await mkdir(join(root, 'a folder', 'data.new'), { recursive: true })
  await writeFile(join(root, 'a folder', 'data.new', 'PG_VERSION'), '18')
  await chmod(join(root, 'a folder'), 0o711)
  expect(await ask(await start(), 'select 1 as value')).toBe(1)
})

test('a port that is taken is named, and nothing keeps running', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(`Port ${port} is taken`)
  await expect(stat(join(root, 'a folder', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT')
  other.close()
})
