import { z } from 'zod'
import { connections } from '../../db/schema/connections'
import { connectionInput } from '../../domain/connection'
import { SallyportError } from '../../domain/errors'
import { newId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, idSource, inTransaction } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyControl, notifyLive } from '../signals/notify'
import { breaksUnique } from '../store-refusals'
import { type ConnectionDocument, checkSecretFields, parseConnection } from './document'
import { type ConnectionDetail, readConnection } from './read'
import { type SecretChanges, storeSecrets } from './store-secrets'
import { writeConnectionVersion } from './write-version'

export const secretText = z.string().max(65_536)

export const createConnectionInput = z.strictObject({
  connection: connectionInput,
  secrets: z.record(z.string().max(64), secretText).default({}),
})

/** Registers a connection and seals its secrets to the proxies. Throws `conflict` when the name is taken. */
export async function createConnection({
  ctx,
  input,
}: Call<z.input<typeof createConnectionInput>>): Promise<ConnectionDetail> {
  requirePermission(ctx, 'connections:write')
  const { connection, secrets } = parseInput(createConnectionInput, input)
  const document = parseConnection(connection)
  checkSecretFields(document.protocol, secrets)
  return inTransaction(ctx, async (inside) => {
    const id = await insertConnection(inside, document, secrets)
    return readConnection({ ctx: inside, input: { id } })
  })
}

/** For verbs that have checked permission and input, inside their transaction. */
export async function insertConnection(ctx: Context, document: ConnectionDocument, secrets: SecretChanges) {
  const id = newId('connection', idSource(ctx))
  const ownerId = ctx.actor.via.kind === 'operator' ? null : ctx.actor.principal.id
  await inTransaction(ctx, (inside) => inside.db.insert(connections).values({ id, ...document, ownerId })).catch(
    (error: unknown) => {
      throw breaksUnique(error, 'connections_name') ? nameTaken(document.name) : error
    },
  )
  await storeSecrets(ctx, id, document, secrets)
  const secretFields = Object.keys(secrets).sort()
  await writeConnectionVersion(ctx, id, 1, { ...document, secretFields })
  await emitAudit(ctx, {
    action: 'connection.create',
    targetId: id,
    targetName: document.name,
    detail: { version: 1, document, secretFields },
  })
  await notifyControl(ctx.db, { kind: 'connection-changed', connection: document.name })
  await notifyLive(ctx.db, 'connections')
  return id
}

export function nameTaken(name: string): SallyportError {
  return new SallyportError('conflict', `name: there already is a connection called ${name}.`, {
    field: 'connection.name',
  })
}
