import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import type { ConnectionId, PrincipalId, SessionId, TokenId } from '../../domain/ids'

export interface SessionToCheck {
  readonly sessionId: SessionId
  readonly tokenId: TokenId
  readonly principalId: PrincipalId
  readonly connectionId: ConnectionId
}

/** Why a session may not go on; `endedBy` is the name of the person who asked for its end. */
export type SessionObjection =
  | { readonly sessionId: SessionId; readonly cause: 'ended-by-person'; readonly endedBy: string }
  | { readonly sessionId: SessionId; readonly cause: LostAccess; readonly endedBy: null }

export type LostAccess =
  | 'token-revoked'
  | 'token-expired'
  | 'signed-out'
  | 'principal-disabled'
  | 'owner-disabled'
  | 'connection-gone'
  | 'connection-disabled'
  | 'access-withdrawn'

/**
 * Those of the given live sessions that must end, decided by the store and its clock in one query: someone asked for the end, or
 * what the session's right rests on is gone.
 */
export async function recheckSessions(
  db: Database,
  sessions: readonly SessionToCheck[],
): Promise<readonly SessionObjection[]> {
  const rows = await db.execute(sql`
    select * from (
      select live."sessionId", r.requested_by_name as "endedBy", case
        when r.session_id is not null then 'ended-by-person'
        when t.id is null or t.principal_id <> live."principalId" or t.revoked_at is not null then 'token-revoked'
        when t.expires_at <= now() then 'token-expired'
        when t.sign_in_id is not null and not exists (select from sign_ins s where s.id = t.sign_in_id) then 'signed-out'
        when p.id is null or p.disabled_at is not null then 'principal-disabled'
        when p.kind <> 'person' and (o.id is null or o.disabled_at is not null) then 'owner-disabled'
        when c.id is null or c.deleted_at is not null then 'connection-gone'
        when c.disabled_at is not null then 'connection-disabled'
        when not (c.access && p.groups) or not (t.connections is null or c.name = any (t.connections))
          then 'access-withdrawn'
      end as cause
      from jsonb_to_recordset(${JSON.stringify(sessions)}::jsonb)
        as live("sessionId" text, "tokenId" text, "principalId" text, "connectionId" text)
      left join access_tokens t on t.id = live."tokenId"
      left join principals p on p.id = live."principalId"
      left join principals o on o.id = p.owner_id
      left join connections c on c.id = live."connectionId"
      left join session_end_requests r on r.session_id = live."sessionId"
    ) checked
    where cause is not null`)
  return rows as unknown as readonly SessionObjection[]
}
