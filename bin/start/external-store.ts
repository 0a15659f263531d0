import { setTimeout as wait } from 'node:timers/promises'
import { connect, type Sql } from '#lib/db/client'
import { SallyportError } from '#lib/domain/errors'

const MINIMUM_VERSION = 140_000
const ANSWER_MS = 12_000

interface Facts {
  readonly version: number
  readonly encoding: string
  readonly replica: boolean
  readonly can_create_roles: boolean
  readonly can_create_tables: boolean
  readonly user: string
}

/**
 * Looks whether the server behind DATABASE_URL can be the store. Throws `startup_failed` with one line that says what to do,
 * after `timeoutMs` at the latest: the driver never gives up on something that hangs up on it.
 */
export async function checkExternalStore(url: string, timeoutMs = ANSWER_MS): Promise<void> {
  const sql = connect(url, { max: 1, applicationName: 'sallyport start' })
  const timer = new AbortController()
  const late = wait(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw Object.assign(new Error('no answer'), { code: 'NO_ANSWER' })
  })
  late.catch(() => undefined)
  try {
    const reason = unfit(await Promise.race([readFacts(sql), late]))
    if (reason) throw new SallyportError('startup_failed', `DATABASE_URL: ${reason}`)
  } catch (cause) {
    throw cause instanceof SallyportError ? cause : explain(url, cause)
  } finally {
    timer.abort()
    await sql.end({ timeout: 1 })
  }
}

async function readFacts(sql: Sql): Promise<Facts> {
  const [facts] = await sql<Facts[]>`
    select current_setting('server_version_num')::int as version, pg_is_in_recovery() as replica, current_user::text as user,
      current_setting('server_encoding') as encoding,
      (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as can_create_roles,
      has_schema_privilege('public', 'CREATE') and has_database_privilege(current_database(), 'CREATE') as can_create_tables`
  if (!facts) throw new SallyportError('startup_failed', 'DATABASE_URL: the server gives no answer')
  return facts
}

function unfit(facts: Facts): string | null {
  if (facts.version < MINIMUM_VERSION)
    return `PostgreSQL 14 or later is needed, this is ${Math.floor(facts.version / 10_000)}`
  if (facts.replica) return 'this server is a read-only replica: name the primary'
  if (facts.encoding !== 'UTF8') return `the database must be encoded in UTF8, this one is in ${facts.encoding}`
  if (!facts.can_create_roles) return `${facts.user} may not create roles: run ALTER ROLE "${facts.user}" CREATEROLE`
  if (!facts.can_create_tables) return `${facts.user} may not create tables: make it the owner of this database`
  return null
}

function explain(url: string, cause: unknown): SallyportError {
  const { host, pathname, username } = new URL(url)
  const code = (cause as { code?: string }).code ?? ''
  const database = pathname.slice(1)
  const reasons: Record<string, string> = {
    '28P01': `wrong password for ${username}`,
    '28000': `the server does not let ${username} in (pg_hba.conf)`,
    '3D000': `there is no database called ${database}`,
    '53300': 'the server has no connection left',
    CONNECT_TIMEOUT: `${host} does not answer`,
    ECONNREFUSED: `nothing listens on ${host}`,
    ENOTFOUND: `there is no host called ${host}`,
    EAI_AGAIN: `there is no host called ${host}`,
  }
  const reason =
    reasons[code] ?? `${host} does not answer like PostgreSQL${code === '' || code === 'NO_ANSWER' ? '' : ` (${code})`}`
  return new SallyportError('startup_failed', `DATABASE_URL: ${reason}`, { cause })
}
