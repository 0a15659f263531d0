import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect, type Sql } from './client'
import { migrateStore } from './migrate'
import { roleNames } from './role-names'

const folder = join(import.meta.dirname, '../../drizzle')
const database = `fresh_${randomBytes(4).toString('hex')}`
const names = roleNames(database)
const passwords = { portal: "it's", proxy: 'p', recorder: 'r', retention: 't' }
let admin: Sql

function url(user: string, password: string): string {
  const address = new URL(inject('storeServer'))
  address.username = user
  if (password !== '') address.password = encodeURIComponent(password)
  address.pathname = `/${database}`
  return address.href
}

beforeAll(async () => {
  admin = connect(inject('storeServer'), { max: 1, applicationName: 'test' })
  await admin.unsafe(`create database ${database} owner sallyport_owner`)
})
afterAll(async () => {
  await admin.unsafe(`drop database ${database} with (force)`)
  for (const name of Object.values(names)) await admin.unsafe(`drop role if exists ${name}`)
  await admin.end()
})

test('hosts that start at the same moment take turns, and the second finds nothing to do', async () => {
  const owner = url('sallyport_owner', '')
  await Promise.all([1, 2, 3].map(() => migrateStore({ url: owner, folder, passwords })))
  await migrateStore({ url: owner, folder, passwords })
  const sql = connect(owner, { max: 1, applicationName: 'test' })
  expect(await sql`select count(*)::int as n from drizzle.__drizzle_migrations`).toMatchObject([
    { n: expect.any(Number) },
  ])
  expect(await sql`select hash, count(*) from drizzle.__drizzle_migrations group by hash having count(*) > 1`).toEqual(
    [],
  )
  await sql.end()
})

test('each role logs in with its own password only', async () => {
  const right = connect(url(names.portal, passwords.portal), { max: 1, applicationName: 'test' })
  expect(await right`select current_user::text as name`).toEqual([{ name: names.portal }])
  await right.end()
  const wrong = connect(url(names.portal, passwords.proxy), { max: 1, applicationName: 'test' })
  await expect(wrong`select 1`).rejects.toMatchObject({ code: '28P01' })
  await wrong.end()
})

test('a database of another name has roles of its own', async () => {
  expect(names.portal).toBe(`sallyport_${database}_portal`)
  const other = connect(
    inject('storeServer')
      .replace(/\/postgres\?/, '/sallyport?')
      .replace('//postgres:', `//${names.portal}:`),
    {
      max: 1,
      applicationName: 'test',
    },
  )
  await expect(other`select 1`).rejects.toThrow()
  await other.end()
})

test('a role that is worth more than its privileges stops the start', async () => {
  await admin.unsafe(`alter role ${names.proxy} superuser`)
  const again = migrateStore({ url: inject('storeServer').replace(/\/postgres\?/, `/${database}?`), folder, passwords })
  await expect(again).rejects.toThrow(`${names.proxy} has attributes or memberships of its own`)
  await admin.unsafe(`alter role ${names.proxy} nosuperuser`)
})
