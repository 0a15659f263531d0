import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import type { ConnectionId, PrincipalId, TokenId } from '../../domain/ids'

/** Notes that a token opened a session now. Precise to a minute, so that a busy agent does not write a row per session. */
export async function markUsed(
  db: Database,
  used: { readonly tokenId: TokenId; readonly principalId: PrincipalId; readonly connectionId: ConnectionId },
): Promise<void> {
  const stale = (column: string) => sql`coalesce(${sql.identifier(column)} < now() - interval '1 minute', true)`
  await db.execute(sql`
    with token as (update access_tokens set last_used_at = now() where id = ${used.tokenId} and ${stale('last_used_at')}),
      principal as (update principals set last_seen_at = now() where id = ${used.principalId} and ${stale('last_seen_at')})
    update connections set last_used_at = now() where id = ${used.connectionId} and ${stale('last_used_at')}`)
}
