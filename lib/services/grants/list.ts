import { and, eq, isNotNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { connections } from '../../db/schema/connections'
import { grants } from '../../db/schema/grants'
import type { GrantId } from '../../domain/ids'
import type { Page } from '../../domain/page'
import type { Call } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, idCursor, pageInput, toPage } from '../paging'
import { type GrantItem, toGrantItem } from './grant-item'
import { inForce, selectGrants } from './grant-row'

export const listGrantsInput = z.strictObject({
  ...pageInput,
  state: z.enum(['active', 'ended']).optional(),
  principalId: z.string().max(64).optional(),
  connection: z.string().max(63).optional(),
})

/** Grants, newest first. Without `reviews:read`: those the viewer is the human behind. */
export async function listGrants({ ctx, input }: Call<z.input<typeof listGrantsInput>>): Promise<Page<GrantItem>> {
  const query = parseInput(listGrantsInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) found.push(lt(grants.id, decodeCursor(idCursor, query.cursor)[0] as GrantId))
  if (query.state === 'active') found.push(inForce)
  if (query.state === 'ended')
    found.push(
      or(
        isNotNull(grants.revokedAt),
        lte(grants.expiresAt, sql`clock_timestamp()`),
        sql`${connections.version} <> ${grants.connectionVersion}`,
        isNotNull(connections.deletedAt),
      ),
    )
  if (query.principalId !== undefined) found.push(sql`${grants.principalId} = ${query.principalId}`)
  if (query.connection !== undefined) found.push(eq(connections.name, query.connection))
  const rows = await selectGrants(ctx, and(...found), limit + 1)
  return toPage(
    rows,
    limit,
    (row) => toGrantItem(ctx, row),
    ({ grant }) => [grant.id],
  )
}
