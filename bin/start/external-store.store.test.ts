import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect, type Sql } from '#lib/db/client'
import { checkExternalStore } from './external-store'

const suffix = randomBytes(4).toString('hex')
const owner = `ext_owner_${suffix}`
const weak = `ext_weak_${suffix}`
const database = `ext_${suffix}`
const latin = `ext_latin_${suffix}`
let admin: Sql

function url(user: string, password: string, name: string): string {
  const address = new URL(inject('storeServer'))
  address.username = user
  address.password = password
  address.pathname = `/${name}`
  return address.href
}

beforeAll(async () => {
  admin = connect(inject('storeServer'), { max: 1, applicationName: 'test' })
  await admin.unsafe(`create role ${owner} login createrole password 'right'`)
  await admin.unsafe(`create role ${weak} login password 'right'`)
  await admin.unsafe(`create database ${database} owner ${owner}`)
  await admin.unsafe(`create database ${latin} owner ${owner} encoding 'LATIN1' template template0`)
})
afterAll(async () => {
  for (const name of [database, latin]) await admin.unsafe(`drop database ${name} with (force)`)
  for (const name of [owner, weak]) await admin.unsafe(`drop role ${name}`)
  await admin.end()
})

test('a database of one’s own on a current server will do', async () => {
  await expect(checkExternalStore(url(owner, 'right', database))).resolves.toBeUndefined()
})

test.each([
  ['a wrong password', () => url(owner, 'wrong', database), `wrong password for ${owner}`],
  ['a database that is not there', () => url(owner, 'right', 'nowhere'), 'there is no database called nowhere'],
  ['a user without CREATEROLE', () => url(weak, 'right', database), `run ALTER ROLE "${weak}" CREATEROLE`],
  ['a database of somebody else', () => url(owner, 'right', 'postgres'), `${owner} may not create tables`],
  ['another encoding', () => url(owner, 'right', latin), 'must be encoded in UTF8, this one is in LATIN1'],
  ['a host that is not there', () => 'postgres://u:p@nowhere.invalid/x', 'there is no host called nowhere.invalid'],
])('%s is said in one line that names DATABASE_URL', async (_, address, words) => {
  const error = await checkExternalStore(address()).catch((caught: unknown) => caught)
  expect(String(error)).toContain('DATABASE_URL: ')
  expect(String(error)).toContain(words)
  expect(String(error).split('\n')).toHaveLength(1)
})

test('a port with nobody behind it, and one with something else, are told apart; the password is in neither message', async () => {
  const server = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const address = `postgres://u:canary-secret@127.0.0.1:${port}/x`
  const strange = String(await checkExternalStore(address, 1_000).catch((caught: unknown) => caught))
  await new Promise((resolve) => server.close(resolve))
  const nobody = String(await checkExternalStore(address).catch((caught: unknown) => caught))
  expect(strange).toContain('does not answer like PostgreSQL')
  expect(nobody).toContain(`nothing listens on 127.0.0.1:${port}`)
  expect(strange + nobody).not.toContain('canary-secret')
})
