import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** Everything that must stay as it is, by part: what differs between two of them is a change. */
export type Checksum = ReadonlyMap<string, string>

const TABLES = `
  SELECT c.oid::int8 AS oid, c.oid::regclass::text AS name FROM pg_class c
  WHERE c.relkind IN ('r', 'm', 't') ORDER BY c.oid`
const SEQUENCES = `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'S' ORDER BY oid`

/** What is not in tables. The next transaction number tells of anything that was written, even if it was taken back. */
const STATE: Readonly<Record<string, string>> = {
  transactions: 'SELECT pg_snapshot_xmax(pg_current_snapshot())',
  'advisory locks': `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'`,
  'prepared transactions': 'SELECT count(*) FROM pg_prepared_xacts',
  'replication slots': 'SELECT array_agg(slot_name ORDER BY slot_name) FROM pg_replication_slots',
  'replication origins': 'SELECT array_agg(roname ORDER BY roname) FROM pg_replication_origin',
  notifications: 'SELECT pg_notification_queue_usage()',
  // Those of a library appear when it is loaded.
  'server settings': `SELECT array_agg(name || '=' || setting ORDER BY name) FROM pg_settings
    WHERE source <> 'session' AND (name NOT LIKE '%.%' OR source <> 'default')`,
  'statistics resets': `SELECT array_agg(stats_reset ORDER BY datname) FROM pg_stat_database`,
}

/** Parts of the data folder that any running server writes by itself. */
const RESTLESS =
  /^(pg_wal|pg_stat|pg_stat_tmp|pg_subtrans|pg_xact|pg_multixact|pg_notify|log|base\/pgsql_tmp)(\/|$)|postmaster\.|pg_internal\.init/

/** Reads the whole of one database (as a superuser, on a connection of its own) and the names of the files of its server. */
export class Checksummer {
  readonly #client: pg.Client

  private constructor(
    client: pg.Client,
    private readonly folder: string,
  ) {
    this.#client = client
  }

  static async open(url: string): Promise<Checksummer> {
    const client = new pg.Client({ connectionString: url, application_name: 'checksum' })
    // What goes wrong is told by the next query.
    client.on('error', () => undefined)
    await client.connect()
    // Objects that do harm when they are read do none to whom looks after them.
    await client.query(`SET test.idle = on; SET extra_float_digits = 3; SET row_security = off; SET jit = off`)
    const { rows } = await client.query(`SELECT current_setting('data_directory') AS folder`)
    return new Checksummer(client, String(rows[0]?.folder))
  }

  async take(): Promise<Checksum> {
    const parts = new Map<string, string>()
    for (const [name, query] of Object.entries(STATE)) parts.set(name, await this.#digest(query))
    for (const { name } of await this.#names(SEQUENCES)) {
      parts.set(`sequence ${name}`, await this.#digest(`SELECT last_value, log_cnt, is_called FROM ${name}`))
    }
    for (const { name } of await this.#names(TABLES)) parts.set(`table ${name}`, await this.#table(name))
    parts.set('files', hash(filesOf(this.folder, '').join('\n')))
    return parts
  }

  close(): Promise<void> {
    return this.#client.end()
  }

  async #names(query: string): Promise<{ name: string }[]> {
    return (await this.#client.query<{ name: string }>(query)).rows
  }

  /** With where each row stands and who wrote and locked it. Where a type cannot be shown, at least that. */
  async #table(name: string): Promise<string> {
    const rows = (whole: string) =>
      `SELECT count(*), sum(hashtextextended(ctid::text || ' ' || xmin || ' ' || xmax || ${whole}, 0)::numeric) FROM ONLY ${name} t`
    for (const whole of ["' ' || t::text", "''"]) {
      try {
        return await this.#digest(rows(whole))
      } catch {
        // The next way.
      }
    }
    return 'cannot be read'
  }

  async #digest(query: string): Promise<string> {
    return hash(JSON.stringify((await this.#client.query({ text: query, rowMode: 'array' })).rows))
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24)

function filesOf(folder: string, inner: string): string[] {
  return readdirSync(join(folder, inner), { withFileTypes: true }).flatMap((entry) => {
    const path = inner === '' ? entry.name : `${inner}/${entry.name}`
    if (RESTLESS.test(path)) return []
    if (entry.isDirectory()) return filesOf(folder, path)
    // Tables are looked at by their rows; a free space map may come by reading.
    const size = path.startsWith('base/') || path.startsWith('global/') ? '' : statSync(join(folder, path)).size
    return [`${path} ${size}`]
  })
}

/** Names of the parts that differ. */
export function differences(before: Checksum, after: Checksum): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => before.get(name) !== after.get(name))
}
