import pg from 'pg'
import { LIMITS } from '#lib/domain/limits'
import type { Catalog } from '#lib/sql/catalog'
import { catalogQuery } from '#lib/sql/catalog/query'
import { readCatalog } from '#lib/sql/catalog/read-catalog'
import { createFactsOf } from '#lib/sql/facts'
import type { StatementFacts } from '#lib/sql/statement-facts'

/** The snapshot of a database, as a proxy fetches it. */
async function fetchCatalog(client: pg.Client): Promise<Catalog> {
  const { rows } = await client.query(`SELECT current_setting('server_version_num')::int AS version`)
  const results: unknown = await client.query(catalogQuery(Number(rows[0]?.version)))
  const items = (Array.isArray(results) ? results : [results]).flatMap((result: pg.QueryResult<{ item?: unknown }>) =>
    result.rows.flatMap(({ item }) => (item === undefined ? [] : [JSON.stringify(item)])),
  )
  return readCatalog(items, null, async () => undefined)
}

/** Judges by a fresh snapshot of the database. */
export async function judgeOf(url: string): Promise<(text: string) => StatementFacts> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const catalog = await fetchCatalog(client)
  await client.end()
  const factsOf = await createFactsOf(LIMITS)
  const reading = { catalog, strings: 'standard', encoding: 'utf8' } as const
  return (text) => factsOf(text, reading)
}
