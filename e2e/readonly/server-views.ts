import type postgres from 'postgres'
import { Judge } from '#lib/sql/catalog/judge'
import { RowReader } from '#lib/sql/catalog/snapshot'

const RELATIONS = `
  SELECT json_build_array('relation', c.oid::int8, n.nspname, c.relname, c.relkind, 0, '[]'::json, '[]'::json, '[]'::json,
    CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END, NULL)::text AS item, n.nspname AS schema, c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid < 16384 AND c.relkind IN ('r', 'v') AND n.nspname IN ('pg_catalog', 'information_schema')`

interface Row {
  readonly item: string
  readonly schema: string
  readonly name: string
}

export interface ServerRelation {
  readonly schema: string
  readonly name: string
  readonly harmless: boolean
}

/** The server's own tables and views; a view is harmless when its definition is, by the lists of functions as they are. */
export async function serverRelations(sql: postgres.Sql): Promise<ServerRelation[]> {
  const rows: Row[] = []
  await sql.begin(async (transaction) => {
    await transaction`SET LOCAL search_path TO ''`
    rows.push(...(await transaction.unsafe<Row[]>(RELATIONS)))
  })
  const general = JSON.stringify(['general', 0, 'UTF8'])
  const reader = new RowReader()
  for (const item of [general, ...rows.map(({ item }) => item)]) reader.read(item)
  const judge = new Judge(reader.rows())
  return rows.map(({ schema, name }) => {
    const doubts = judge.relation({ schema, name }, 'stored') ?? ['it is not there']
    if (doubts.length > 0) process.stderr.write(`${schema}.${name}: ${doubts.join('; ')}\n`)
    return { schema, name, harmless: doubts.length === 0 }
  })
}
