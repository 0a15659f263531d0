import { connect } from '../client'

export interface OwnerInput {
  readonly superuserUrl: string
  readonly owner: string
  readonly password: string
  readonly database: string
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/** On a server of ours: the database and the role that owns it, which may create the product's roles and is no superuser. */
export async function ensureOwner({ superuserUrl, owner, password, database }: OwnerInput): Promise<void> {
  const sql = connect(superuserUrl, { max: 1, applicationName: 'sallyport start' })
  try {
    const role = await sql`select 1 from pg_roles where rolname = ${owner}`
    // The server logs no statement texts (see launch.ts), and the quoting holds for any password.
    const literal = `'${password.replaceAll("'", "''")}'`
    const verb = role.length === 0 ? 'CREATE' : 'ALTER'
    await sql.unsafe(`${verb} ROLE ${quote(owner)} LOGIN CREATEROLE PASSWORD ${literal}`)
    const found = await sql`select 1 from pg_database where datname = ${database}`
    if (found.length === 0) await sql.unsafe(`CREATE DATABASE ${quote(database)} OWNER ${quote(owner)}`)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
