import type { Sql } from 'postgres'
import type { Limits } from '../domain/limits'

/** What the guards of reviews and grants go by, so that no role of the store is able to exceed it. */
const GUARDED = ['reviewMs', 'approvableBytes', 'grantMinutes'] as const satisfies readonly (keyof Limits)[]

/** Writes the limits of this start. As the owner: it is the only one who may. */
export async function keepGuardedLimits(sql: Sql, limits: Limits): Promise<void> {
  for (const name of GUARDED)
    await sql`
      insert into store_limits (name, value) values (${name}, ${limits[name]})
      on conflict (name) do update set value = excluded.value`
}
