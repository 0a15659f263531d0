import { createHash } from 'node:crypto'

/** The four roles the product works as. The owner is a fifth: it migrates and is then put away. */
export const STORE_ROLES = ['portal', 'proxy', 'recorder', 'retention'] as const
export type StoreRole = (typeof STORE_ROLES)[number]
export type RoleNames = Readonly<Record<StoreRole, string>>

/**
 * Names of the roles in the server. They belong to the whole server, so a database that is not called `sallyport` has its
 * name in them: two installations on one server stay apart. At most 63 bytes.
 */
export function roleNames(database: string): RoleNames {
  const plain = /^[a-z0-9_]{1,40}$/.test(database)
  const part = plain ? database : createHash('sha256').update(database).digest('hex').slice(0, 16)
  const prefix = database === 'sallyport' ? 'sallyport' : `sallyport_${part}`
  return {
    portal: `${prefix}_portal`,
    proxy: `${prefix}_proxy`,
    recorder: `${prefix}_recorder`,
    retention: `${prefix}_retention`,
  }
}
