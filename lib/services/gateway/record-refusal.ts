import type { Database } from '../../db/client'
import type { Clock } from '../../domain/clock'
import type { RunId, TokenId } from '../../domain/ids'
import type { Principal } from '../../domain/principal'
import { emitAudit } from '../audit/emit'

export interface ConnectRefusal {
  readonly principal: Principal
  readonly tokenId: TokenId
  readonly runId: RunId | null
  /** Id and name of the connection, or the name that was asked for where there is none. */
  readonly target: { readonly id: string; readonly name: string }
  readonly reason: string
  readonly clientAddress: string
  /** How many were merged into this one. */
  readonly times: number
}

export interface RefusalContext {
  readonly db: Database
  readonly clock: Clock
  random(length: number): Uint8Array
}

/** Records that a principal who proved who it is was not let through to a connection: `session.refuse`. */
export async function recordRefusal(ctx: RefusalContext, refusal: ConnectRefusal): Promise<void> {
  const { principal, tokenId, runId, target, reason, clientAddress, times } = refusal
  await emitAudit(
    {
      ...ctx,
      random: (length) => ctx.random(length),
      actor: { principal, roles: new Set(), via: { kind: 'token', tokenId, runId } },
    },
    {
      action: 'session.refuse',
      targetId: target.id,
      targetName: target.name,
      detail: { reason, client: clientAddress, token: tokenId, ...(times > 1 ? { times } : {}) },
    },
  )
}
