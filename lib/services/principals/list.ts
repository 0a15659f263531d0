import { and, desc, eq, ilike, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { principals } from '../../db/schema/principals'
import type { PrincipalId } from '../../domain/ids'
import type { Page } from '../../domain/page'
import { may } from '../../domain/permissions'
import type { Call } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, idCursor, pageInput, toPage } from '../paging'
import { containing } from '../search-pattern'
import { owners, type PrincipalItem, principalColumns, toPrincipalItem } from './principal-item'

export const listPrincipalsInput = z.strictObject({
  ...pageInput,
  kind: z.enum(['person', 'agent', 'service']).optional(),
  /** Agents and services only. */
  automated: z.boolean().optional(),
  ownerId: z.string().max(64).optional(),
  disabled: z.boolean().optional(),
  query: z.string().max(200).optional(),
})

/** Persons, agents and services, newest first. Without `principals:read`: the actor and the agents it owns. */
export async function listPrincipals({
  ctx,
  input,
}: Call<z.input<typeof listPrincipalsInput>>): Promise<Page<PrincipalItem>> {
  const query = parseInput(listPrincipalsInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const me = ctx.actor.principal.id
  const visible = may(ctx.actor, 'principals:read') ? undefined : or(eq(principals.id, me), eq(principals.ownerId, me))
  const rows = await ctx.db
    .select(principalColumns)
    .from(principals)
    .leftJoin(owners, eq(owners.id, principals.ownerId))
    .where(and(visible, ...conditions(query)))
    .orderBy(desc(principals.id))
    .limit(limit + 1)
  return toPage(rows, limit, toPrincipalItem, (row) => [row.principal.id])
}

function conditions(query: z.output<typeof listPrincipalsInput>): (SQL | undefined)[] {
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) found.push(lt(principals.id, decodeCursor(idCursor, query.cursor)[0] as PrincipalId))
  if (query.kind !== undefined) found.push(eq(principals.kind, query.kind))
  if (query.automated !== undefined)
    found.push(query.automated ? sql`${principals.kind} <> 'person'` : eq(principals.kind, 'person'))
  if (query.ownerId !== undefined) found.push(eq(principals.ownerId, query.ownerId as PrincipalId))
  if (query.disabled !== undefined)
    found.push(query.disabled ? isNotNull(principals.disabledAt) : isNull(principals.disabledAt))
  if (query.query) {
    const pattern = containing(query.query)
    found.push(
      or(
        ilike(principals.name, pattern),
        ilike(principals.email, pattern),
        sql`${query.query} = any(${principals.groups})`,
      ),
    )
  }
  return found
}
