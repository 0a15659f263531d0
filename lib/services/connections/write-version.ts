import { connectionVersions } from '../../db/schema/connections'
import type { ConnectionId } from '../../domain/ids'
import type { Context } from '../context'
import type { ConnectionDocument } from './document'

/** Keeps what a connection was at this version, without secrets: what recorded sessions refer to. */
export async function writeConnectionVersion(
  ctx: Context,
  id: ConnectionId,
  version: number,
  document: ConnectionDocument & { readonly secretFields: readonly string[] },
): Promise<void> {
  await ctx.db
    .insert(connectionVersions)
    .values({ connectionId: id, version, document, changedBy: ctx.actor.principal.id })
}
