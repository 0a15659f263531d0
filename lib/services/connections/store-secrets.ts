import { createHmac, timingSafeEqual } from 'node:crypto'
import { and, desc, eq } from 'drizzle-orm'
import { seal } from '../../crypto/sealing'
import { bindingBytes } from '../../crypto/secret-binding'
import { connectionSecrets, sealingKeys } from '../../db/schema/connections'
import type { SecretBinding } from '../../domain/connection'
import { SallyportError } from '../../domain/errors'
import type { ConnectionId } from '../../domain/ids'
import type { Context } from '../context'
import { databaseNow } from '../database-now'
import type { ConnectionDocument } from './document'

/** null removes a field. */
export type SecretChanges = Readonly<Record<string, string | null>>

/** Seals and keeps the fields that are given. Call inside the transaction that writes the connection. */
export async function storeSecrets(
  ctx: Context,
  connectionId: ConnectionId,
  target: Pick<ConnectionDocument, 'protocol' | 'host' | 'port'>,
  changes: SecretChanges,
): Promise<void> {
  for (const [field, value] of Object.entries(changes)) {
    if (value === null) {
      await ctx.db
        .delete(connectionSecrets)
        .where(and(eq(connectionSecrets.connectionId, connectionId), eq(connectionSecrets.field, field)))
      continue
    }
    const key = await currentSealingKey(ctx)
    const binding = { connectionId, field, protocol: target.protocol, host: target.host, port: target.port }
    const sealed = await seal(key.publicKey, binding, Buffer.from(value, 'utf8'))
    const row = { keyId: key.id, sealed, fingerprint: fingerprint(ctx, binding, value), updatedAt: databaseNow }
    await ctx.db
      .insert(connectionSecrets)
      .values({ connectionId, field, ...row })
      .onConflictDoUpdate({ target: [connectionSecrets.connectionId, connectionSecrets.field], set: row })
  }
}

/** Of the secrets that are given, those that differ from what is kept (or cannot be compared). */
export async function changedSecrets(
  ctx: Context,
  connectionId: ConnectionId,
  target: Pick<ConnectionDocument, 'protocol' | 'host' | 'port'>,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const rows = await ctx.db
    .select({ field: connectionSecrets.field, fingerprint: connectionSecrets.fingerprint })
    .from(connectionSecrets)
    .where(eq(connectionSecrets.connectionId, connectionId))
  const changed = Object.entries(given).filter(([field, value]) => {
    const kept = rows.find((row) => row.field === field)?.fingerprint
    const now = fingerprint(ctx, { connectionId, field, ...target }, value)
    return !kept || now === null || kept.length !== now.length || !timingSafeEqual(kept, now)
  })
  return Object.fromEntries(changed)
}

async function currentSealingKey(ctx: Context) {
  const [key] = await ctx.db.select().from(sealingKeys).orderBy(desc(sealingKeys.createdAt)).limit(1)
  if (key === undefined)
    throw new SallyportError(
      'unavailable',
      'No proxy has started yet, so there is no key to seal secrets to. Try again.',
    )
  return key
}

function fingerprint(ctx: Context, binding: SecretBinding, value: string): Uint8Array | null {
  if (ctx.fingerprintKey === undefined) return null
  const { connectionId, field, protocol, host, port } = binding
  return createHmac('sha256', ctx.fingerprintKey)
    .update(bindingBytes({ connectionId, field, protocol, host, port }))
    .update(value, 'utf8')
    .digest()
}
