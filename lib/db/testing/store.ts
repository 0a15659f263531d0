import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { connect, openStore, type Store } from '../client'
import { roleNames, type StoreRole } from '../role-names'

type TestRole = StoreRole | 'owner'

/** A fresh, migrated database with one pool per role. */
export interface TestStore extends Readonly<Record<TestRole, Store>> {
  /** Address of this database for a role, for what opens the store itself. */
  url(role: TestRole): string
  /** Closes the pools and drops the database. */
  close(): Promise<void>
}

/** Clones the run's template database. Call `close` when done. Works in the vitest project `store` only. */
export async function createTestStore(): Promise<TestStore> {
  const server = inject('storeServer')
  const database = `test_${randomBytes(8).toString('hex')}`
  const names = { ...roleNames('sallyport'), owner: 'sallyport_owner' }
  const admin = connect(server, { max: 1, applicationName: 'test setup' })
  await admin.unsafe(`CREATE DATABASE ${database} TEMPLATE sallyport OWNER sallyport_owner`)
  // Privileges on a database itself are not cloned with it.
  await admin.unsafe(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`)
  await admin.unsafe(`GRANT CONNECT ON DATABASE ${database} TO ${Object.values(roleNames('sallyport')).join(', ')}`)

  const url = (role: TestRole) => {
    const address = new URL(server)
    address.username = names[role]
    address.pathname = `/${database}`
    return address.href
  }
  const open = (role: TestRole) => openStore(url(role), { max: 4, applicationName: `test ${role}` })
  const stores: Record<TestRole, Store> = {
    owner: open('owner'),
    portal: open('portal'),
    proxy: open('proxy'),
    recorder: open('recorder'),
    retention: open('retention'),
  }
  return {
    ...stores,
    url,
    async close() {
      await Promise.all(Object.values(stores).map((store) => store.close()))
      await admin.unsafe(`DROP DATABASE ${database} WITH (FORCE)`)
      await admin.end({ timeout: 5 })
    },
  }
}
