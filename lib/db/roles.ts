import type { Sql, TransactionSql } from 'postgres'
import { SallyportError } from '../domain/errors'
import { FUNCTION_GRANTS, PRIVILEGES } from './privileges'
import { type RoleNames, STORE_ROLES, type StoreRole } from './role-names'
import { scramVerifier } from './scram-verifier'

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/**
 * Creates the roles that are missing and gives each its password. Ends with an error when one of them could do more than log in.
 * `sql` is the owner's connection; it needs CREATEROLE.
 */
export async function ensureRoles(
  sql: Sql,
  names: RoleNames,
  passwords: Readonly<Record<StoreRole, string>>,
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(726351, 1)`
    for (const role of STORE_ROLES) {
      const verifier = scramVerifier(passwords[role])
      const found = await tx`select 1 from pg_roles where rolname = ${names[role]}`
      const verb = found.length === 0 ? 'CREATE' : 'ALTER'
      await tx.unsafe(`${verb} ROLE ${quote(names[role])} LOGIN NOINHERIT PASSWORD '${verifier}'`)
    }
    await refuseStrongRoles(tx, names)
  })
}

/** A role that was there before us, or was changed since, must not be worth more than what PRIVILEGES gives it. */
async function refuseStrongRoles(tx: TransactionSql, names: RoleNames): Promise<void> {
  const strong = await tx<{ name: string }[]>`
    select rolname as name from pg_roles r
    where rolname in ${tx(Object.values(names))}
      and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
        or exists (select 1 from pg_auth_members m where m.member = r.oid))`
  const name = strong[0]?.name
  if (name !== undefined)
    throw new SallyportError(
      'startup_failed',
      `The database role ${name} has attributes or memberships of its own: drop it, Sallyport creates it again`,
    )
}

/** Sets every privilege of the roles to exactly what PRIVILEGES says, and takes what the public had. Run after each migration. */
export async function applyPrivileges(sql: Sql, names: RoleNames): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(726351, 1)`
    const [row] = await tx<{ name: string }[]>`select current_database() as name`
    const database = quote(row?.name ?? '')
    const everyone = STORE_ROLES.map((role) => quote(names[role])).join(', ')
    const statements = [
      `REVOKE ALL ON DATABASE ${database} FROM PUBLIC, ${everyone}`,
      `REVOKE ALL ON SCHEMA public FROM PUBLIC, ${everyone}`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, ${everyone}`,
      `REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, ${everyone}`,
      `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, ${everyone}`,
      `GRANT CONNECT ON DATABASE ${database} TO ${everyone}`,
      `GRANT USAGE ON SCHEMA public TO ${everyone}`,
      ...grants(names),
    ]
    await tx.unsafe(statements.join(';\n'))
    await refuseOpenSchema(tx, names)
  })
}

function grants(names: RoleNames): string[] {
  const statements: string[] = []
  for (const role of STORE_ROLES)
    for (const [table, verbs] of Object.entries(PRIVILEGES[role]))
      for (const [verb, columns] of Object.entries(verbs)) {
        const list = columns === true ? '' : ` (${columns.map(quote).join(', ')})`
        statements.push(`GRANT ${verb}${list} ON TABLE public.${quote(table)} TO ${quote(names[role])}`)
      }
  for (const [signature, roles] of Object.entries(FUNCTION_GRANTS))
    for (const role of roles) statements.push(`GRANT EXECUTE ON FUNCTION public.${signature} TO ${quote(names[role])}`)
  return statements
}

/** REVOKE only warns when somebody else granted it: look whether it helped. */
async function refuseOpenSchema(tx: TransactionSql, names: RoleNames): Promise<void> {
  const [row] = await tx<{ open: boolean }[]>`
    select bool_or(has_schema_privilege(r.oid, 'public', 'CREATE')) as open
    from pg_roles r where rolname in ${tx(Object.values(names))}`
  if (row?.open !== false)
    throw new SallyportError(
      'startup_failed',
      'Everybody may create objects in this database: run REVOKE CREATE ON SCHEMA public FROM PUBLIC as its administrator',
    )
}
