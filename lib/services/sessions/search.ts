import { eq, ilike, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { connections } from '../../db/schema/connections'
import { principals, runs } from '../../db/schema/principals'
import { sessions } from '../../db/schema/sessions'
import { containing } from '../search-pattern'

/** A column with an index of its own, and the values of it that match. */
export interface Branch {
  readonly column:
    | typeof sessions.principalId
    | typeof sessions.ownerId
    | typeof sessions.connectionId
    | typeof sessions.runId
    | typeof sessions.id
  readonly values: readonly string[]
}

/** More matches than this are so many of all sessions that walking by time finds them sooner. */
const FEW = 300
const MAX_MATCHES = 20_000

/** What `text` names: people, agents, connections, runs, one session. Names are few where sessions are many. */
export async function matchingBranches(db: Database, text: string): Promise<Branch[]> {
  const pattern = containing(text)
  const [people, named, jobs] = await Promise.all([
    db
      .select({ id: principals.id })
      .from(principals)
      .where(or(ilike(principals.name, pattern), ilike(principals.email, pattern)))
      .limit(MAX_MATCHES),
    db.select({ id: connections.id }).from(connections).where(ilike(connections.name, pattern)).limit(MAX_MATCHES),
    db
      .select({ id: runs.id })
      .from(runs)
      .where(or(ilike(runs.label, pattern), sql`${runs.id} = ${text}`))
      .limit(MAX_MATCHES),
  ])
  const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)
  return [
    { column: sessions.principalId, values: ids(people) },
    { column: sessions.ownerId, values: ids(people) },
    { column: sessions.connectionId, values: ids(named) },
    { column: sessions.runId, values: ids(jobs) },
    { column: sessions.id, values: text.startsWith('ses_') ? [text] : [] },
  ]
}

/** Every connection that ever had this name. */
export async function namedBranch(db: Database, name: string): Promise<Branch> {
  const rows = await db.select({ id: connections.id }).from(connections).where(eq(connections.name, name))
  return { column: sessions.connectionId, values: rows.map((row) => row.id) }
}

/** Ids of the newest sessions in any of the branches that fit `where`: at most `limit`, in no order. */
export async function idsInBranches(
  db: Database,
  branches: readonly Branch[],
  where: SQL | undefined,
  limit: number,
): Promise<string[]> {
  const fits = where ?? sql`true`
  const parts = branches.filter(({ values }) => values.length > 0).map((branch) => branchQuery(branch, fits, limit))
  if (parts.length === 0) return []
  const rows = await db.execute(sql`
    select id from (select distinct id, started_at from (${sql.join(parts, sql` union all `)}) found) newest
    order by started_at desc, id desc limit ${limit}`)
  return rows.map((row) => String(row.id))
}

/** Walks the column's own index once per value, so that a name without sessions costs nothing. */
function branchQuery({ column, values }: Branch, fits: SQL, limit: number): SQL {
  const list = sql`array[${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )}]::text[]`
  if (values.length > FEW)
    return sql`(select ${sessions.id} as id, ${sessions.startedAt} as started_at from ${sessions}
      where ${column} = any(${list}) and ${fits} order by ${sessions.startedAt} desc, ${sessions.id} desc limit ${limit})`
  return sql`(select walked.id, walked.started_at from unnest(${list}) as wanted(value) cross join lateral (
      select ${sessions.id} as id, ${sessions.startedAt} as started_at from ${sessions}
      where ${column} = wanted.value and ${fits} order by ${sessions.startedAt} desc, ${sessions.id} desc limit ${limit}
    ) walked)`
}
