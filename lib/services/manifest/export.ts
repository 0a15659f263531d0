import { asc, eq, isNull, ne } from 'drizzle-orm'
import { stringify } from 'yaml'
import { z } from 'zod'
import { connectionSecrets, connections } from '../../db/schema/connections'
import { principals } from '../../db/schema/principals'
import { formatAddress } from '../../domain/address'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { readDocuments } from '../policies/write-set'
import { owners } from '../principals/principal-item'

export const exportManifestInput = z.strictObject({})
export const exportedManifest = z.object({ file: z.string() })

/**
 * Connections, agents and policies as a sallyport.yaml that `apply` takes back without changing anything. Secrets are named by the
 * environment variables they would come from, never written.
 */
export async function exportManifest({
  ctx,
  input,
}: Call<z.input<typeof exportManifestInput>>): Promise<z.infer<typeof exportedManifest>> {
  requirePermission(ctx, 'connections:read')
  requirePermission(ctx, 'principals:read')
  requirePermission(ctx, 'policies:read')
  parseInput(exportManifestInput, input)
  return inTransaction(ctx, async (inside) => {
    const file = stringify({
      connections: await connectionEntries(inside),
      agents: await agentEntries(inside),
      policies: await readDocuments(inside),
    })
    await emitAudit(inside, { action: 'manifest.export', targetId: 'manifest' })
    return { file }
  })
}

async function connectionEntries(ctx: Context) {
  const rows = await ctx.db
    .select()
    .from(connections)
    .where(isNull(connections.deletedAt))
    .orderBy(asc(connections.name))
  const secrets = await ctx.db
    .select({ connectionId: connectionSecrets.connectionId, field: connectionSecrets.field })
    .from(connectionSecrets)
    .orderBy(asc(connectionSecrets.field))
  return rows.map((row) => {
    const fields = secrets.filter(({ connectionId }) => connectionId === row.id).map(({ field }) => field)
    const { name, protocol, tags, access, settings, recording, hold, masking } = row
    return {
      ...{ name, protocol, address: formatAddress(row), tags, access, settings },
      ...(fields.length > 0 && {
        secret: Object.fromEntries(fields.map((field) => [field, { env: variableName(name, field) }])),
      }),
      ...{ recording, hold, masking },
    }
  })
}

async function agentEntries(ctx: Context) {
  const rows = await ctx.db
    .select({ name: principals.name, kind: principals.kind, owner: owners.email, groups: principals.groups })
    .from(principals)
    .innerJoin(owners, eq(owners.id, principals.ownerId))
    .where(ne(principals.kind, 'person'))
    .orderBy(asc(principals.name))
  return rows
}

/** `shop-prod`, `clientKey` → `SHOP_PROD_CLIENT_KEY`. */
function variableName(connection: string, field: string): string {
  const name = `${connection}_${field.replace(/([a-z])([A-Z])/g, '$1_$2')}`.toUpperCase().replace(/[^A-Z0-9]/g, '_')
  return /^[0-9]/.test(name) ? `_${name}` : name
}
