import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import type { Sql } from 'postgres'
import { LIMITS, type Limits } from '../domain/limits'
import { connect } from './client'
import { keepGuardedLimits } from './guarded-limits'
import { type RoleNames, roleNames, type StoreRole } from './role-names'
import { applyPrivileges, ensureRoles } from './roles'

export interface MigrateInput {
  /** The owner's address of the store: owns the tables, may create roles. */
  readonly url: string
  /** The folder with the generated SQL. */
  readonly folder: string
  readonly passwords: Readonly<Record<StoreRole, string>>
  /** Those that the store guards are kept in it. Absent: the defaults. */
  readonly limits?: Limits
}

/**
 * Brings the store up to date: roles, tables, partitions three months ahead, privileges. Idempotent; callers on several hosts
 * take turns under an advisory lock. Gives the names of the roles in that server.
 */
export async function migrateStore({ url, folder, passwords, limits = LIMITS }: MigrateInput): Promise<RoleNames> {
  const sql = connect(url, { max: 1, applicationName: 'sallyport migrate' })
  try {
    await sql`select pg_advisory_lock(726351, 0)`
    const names = roleNames(await databaseName(sql))
    await ensureRoles(sql, names, passwords)
    await migrate(drizzle(sql), { migrationsFolder: folder })
    await sql`select ensure_partitions(3)`
    await keepGuardedLimits(sql, limits)
    await applyPrivileges(sql, names)
    return names
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function databaseName(sql: Sql): Promise<string> {
  const [row] = await sql<{ name: string }[]>`select current_database() as name`
  return row?.name ?? ''
}
