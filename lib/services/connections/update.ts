import { and, asc, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { connectionSecrets, connections } from '../../db/schema/connections'
import { connectionInput } from '../../domain/connection'
import { SallyportError } from '../../domain/errors'
import { type ConnectionId, isId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { closeReviews } from '../gateway/close-reviews'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyControl, notifyLive } from '../signals/notify'
import { breaksUnique } from '../store-refusals'
import { nameTaken, secretText } from './create'
import { type ConnectionDocument, checkSecretFields, parseConnection } from './document'
import { type ConnectionDetail, notFound, readConnection } from './read'
import { type SecretChanges, storeSecrets } from './store-secrets'
import { writeConnectionVersion } from './write-version'

export const updateConnectionInput = z.strictObject({
  id: z.string().max(64),
  /** The version that was read. */
  version: z.number().int().min(1),
  connection: connectionInput,
  /** Fields to set; null removes one. What is not named stays, unless protocol, host or port change. */
  secrets: z.record(z.string().max(64), secretText.nullable()).default({}),
})

/**
 * Changes a connection. Throws `conflict` when somebody else changed it since `version`, and `invalid_input` when its protocol,
 * host or port change and a secret that is set is not given again: a sealed secret is bound to where it goes.
 */
export async function updateConnection({
  ctx,
  input,
}: Call<z.input<typeof updateConnectionInput>>): Promise<ConnectionDetail> {
  requirePermission(ctx, 'connections:write')
  const { id, version, connection, secrets } = parseInput(updateConnectionInput, input)
  const document = parseConnection(connection)
  checkSecretFields(document.protocol, secrets)
  return inTransaction(ctx, async (inside) => {
    const before = await lockConnection(inside, id)
    if (before.version !== version)
      throw new SallyportError('conflict', 'Somebody else changed this connection meanwhile. Load it again.')
    await replaceConnection(inside, before, document, secrets)
    return readConnection({ ctx: inside, input: { id } })
  })
}

export type StoredConnection = typeof connections.$inferSelect

/** The connection's row, locked until the transaction ends. Throws `not_found`. */
export async function lockConnection(ctx: Context, id: string): Promise<StoredConnection> {
  const [row] = isId('connection', id)
    ? await ctx.db
        .select()
        .from(connections)
        .where(and(eq(connections.id, id), isNull(connections.deletedAt)))
        .for('update')
    : []
  if (row === undefined) throw notFound()
  return row
}

/** For verbs that have checked permission, input and version, inside their transaction. */
export async function replaceConnection(
  ctx: Context,
  before: StoredConnection,
  document: ConnectionDocument,
  secrets: SecretChanges,
): Promise<void> {
  const fields = await secretFieldsOf(ctx, before.id)
  demandSecretsAgain(before, document, fields, secrets)
  const version = before.version + 1
  await inTransaction(ctx, (inside) =>
    inside.db
      .update(connections)
      .set({ ...document, version, updatedAt: databaseNow })
      .where(eq(connections.id, before.id)),
  ).catch((error: unknown) => {
    throw breaksUnique(error, 'connections_name') ? nameTaken(document.name) : error
  })
  await storeSecrets(ctx, before.id, document, secrets)
  const secretFields = await secretFieldsOf(ctx, before.id)
  await writeConnectionVersion(ctx, before.id, version, { ...document, secretFields })
  await emitAudit(ctx, {
    action: 'connection.update',
    targetId: before.id,
    targetName: document.name,
    detail: { version, changed: changedKeys(before, document), secretsSet: Object.keys(secrets).sort() },
  })
  await closeReviews(ctx, { connectionId: before.id, why: 'connection-changed' })
  for (const name of new Set([before.name, document.name]))
    await notifyControl(ctx.db, { kind: 'connection-changed', connection: name })
  await notifyLive(ctx.db, 'connections')
}

function demandSecretsAgain(
  before: StoredConnection,
  after: ConnectionDocument,
  fields: readonly string[],
  given: SecretChanges,
): void {
  if (before.protocol === after.protocol && before.host === after.host && before.port === after.port) return
  const missing = fields.find((field) => !(field in given))
  if (missing !== undefined)
    throw new SallyportError(
      'invalid_input',
      `secrets.${missing}: the address changed, so this secret must be entered again.`,
      { field: `secrets.${missing}` },
    )
}

async function secretFieldsOf(ctx: Context, connectionId: ConnectionId): Promise<string[]> {
  const rows = await ctx.db
    .select({ field: connectionSecrets.field })
    .from(connectionSecrets)
    .where(eq(connectionSecrets.connectionId, connectionId))
    .orderBy(asc(connectionSecrets.field))
  return rows.map((row) => row.field)
}

/** Names of the parts in which two documents differ. */
export function changedKeys(before: StoredConnection, after: ConnectionDocument): string[] {
  return (Object.keys(after) as (keyof ConnectionDocument)[]).filter(
    (key) => canonical(before[key]) !== canonical(after[key]),
  )
}

/** JSON with sorted keys, so that the store's order of keys does not count as a change. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
