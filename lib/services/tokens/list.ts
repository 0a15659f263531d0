import { and, desc, eq, gt, isNotNull, isNull, lt, lte, or, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { accessTokens, principals, runs } from '../../db/schema/principals'
import type { PrincipalId, TokenId } from '../../domain/ids'
import type { Page } from '../../domain/page'
import { may } from '../../domain/permissions'
import type { Call, Context } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, idCursor, pageInput, toPage } from '../paging'
import { type TokenItem, tokenColumns, toTokenItem } from './token-item'

export const listTokensInput = z.strictObject({
  ...pageInput,
  principalId: z.string().max(64).optional(),
  state: z.enum(['active', 'expired', 'revoked']).optional(),
})

/** Access tokens, newest first, never the tokens themselves. Without `tokens:read`: the actor's own and its agents'. */
export async function listTokens({ ctx, input }: Call<z.input<typeof listTokensInput>>): Promise<Page<TokenItem>> {
  const query = parseInput(listTokensInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const rows = await ctx.db
    .select(tokenColumns)
    .from(accessTokens)
    .innerJoin(principals, eq(principals.id, accessTokens.principalId))
    .leftJoin(runs, eq(runs.id, accessTokens.runId))
    .where(and(visibleTokens(ctx), ...conditions(query)))
    .orderBy(desc(accessTokens.id))
    .limit(limit + 1)
  return toPage(rows, limit, toTokenItem, (row) => [row.id])
}

/** What of the tokens (joined with `principals`) the actor may see; undefined: all. */
export function visibleTokens(ctx: Context): SQL | undefined {
  if (may(ctx.actor, 'tokens:read')) return undefined
  const me = ctx.actor.principal.id
  return or(eq(principals.id, me), eq(principals.ownerId, me))
}

function conditions(query: z.output<typeof listTokensInput>): (SQL | undefined)[] {
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) found.push(lt(accessTokens.id, decodeCursor(idCursor, query.cursor)[0] as TokenId))
  if (query.principalId !== undefined) found.push(eq(accessTokens.principalId, query.principalId as PrincipalId))
  if (query.state === 'revoked') found.push(isNotNull(accessTokens.revokedAt))
  if (query.state === 'active') found.push(isNull(accessTokens.revokedAt), gt(accessTokens.expiresAt, databaseNow))
  if (query.state === 'expired') found.push(isNull(accessTokens.revokedAt), lte(accessTokens.expiresAt, databaseNow))
  return found
}
