import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { accessTokens, principals, runs } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import type { Call } from '../context'
import { parseInput } from '../input'
import { visibleTokens } from './list'
import { revokeTokenInput } from './revoke'
import { type TokenItem, tokenColumns, toTokenItem } from './token-item'

/** One token, without the token. Without `tokens:read`: own ones and those of own agents; others are `not_found`. */
export async function readToken({ ctx, input }: Call<z.input<typeof revokeTokenInput>>): Promise<TokenItem> {
  const { id } = parseInput(revokeTokenInput, input)
  const [row] = isId('token', id)
    ? await ctx.db
        .select(tokenColumns)
        .from(accessTokens)
        .innerJoin(principals, eq(principals.id, accessTokens.principalId))
        .leftJoin(runs, eq(runs.id, accessTokens.runId))
        .where(and(eq(accessTokens.id, id), visibleTokens(ctx)))
    : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such token.')
  return toTokenItem(row)
}
