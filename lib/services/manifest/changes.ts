import { and, eq, inArray, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { connectionSecrets, connections } from '../../db/schema/connections'
import { principals } from '../../db/schema/principals'
import { formatAddress } from '../../domain/address'
import { SallyportError } from '../../domain/errors'
import { type ConnectionDocument, checkSecretFields, parseConnection } from '../connections/document'
import { changedSecrets } from '../connections/store-secrets'
import { changedKeys, type StoredConnection } from '../connections/update'
import type { Context } from '../context'
import type { Manifest, ManifestFile } from './manifest-file'
import { planPolicies } from './policy-changes'

export const manifestChange = z.object({
  kind: z.enum(['connection', 'agent', 'service', 'policy']),
  name: z.string(),
  action: z.enum(['create', 'update']),
  /** What changes, in words, without any secret's value. */
  details: z.array(z.string()),
})
type ManifestChange = z.infer<typeof manifestChange>

/** Values for the secrets that the file does not hold itself: connection name, then field. */
type GivenSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>

export type PlannedChange = ManifestChange &
  (
    | {
        readonly what: 'connection'
        before: StoredConnection | null
        document: ConnectionDocument
        secrets: Record<string, string>
      }
    | { readonly what: 'agent'; before: typeof principals.$inferSelect | null; agent: Manifest['agents'][number] }
    | { readonly what: 'policy'; readonly text: string }
  )

/** What the file leaves to whoever applies it: values of secrets, and texts of policies by name. */
export interface GivenParts {
  readonly secrets: GivenSecrets
  readonly policies: Readonly<Record<string, string>>
}

/** What has to change for the store to say what the file says. What the file does not name is left alone. */
export async function planChanges(ctx: Context, file: ManifestFile, given: GivenParts): Promise<PlannedChange[]> {
  const planned = [
    ...(await planConnections(ctx, file, given.secrets)),
    ...(await planAgents(ctx, file)),
    ...(await planPolicies(ctx, file, given.policies)),
  ]
  return planned.filter((change) => change.details.length > 0)
}

async function planConnections(ctx: Context, file: ManifestFile, given: GivenSecrets): Promise<PlannedChange[]> {
  const wanted = file.manifest.connections
  const names = wanted.map(({ name }) => name)
  const stored =
    names.length === 0
      ? []
      : await ctx.db
          .select()
          .from(connections)
          .where(and(inArray(connections.name, names), isNull(connections.deletedAt)))
          .for('update')
  const planned: PlannedChange[] = []
  for (const [index, { secret, ...connection }] of wanted.entries()) {
    const path = ['connections', index]
    const document = blaming(file, path, () => parseConnection(connection))
    const secrets = secretsOf(file, path, connection.name, secret, given)
    blaming(file, path, () => checkSecretFields(document.protocol, secrets))
    const before = stored.find((row) => row.name === connection.name) ?? null
    const base = { what: 'connection', kind: 'connection', name: connection.name, before, document } as const
    if (before === null) {
      planned.push({ ...base, action: 'create', secrets, details: newDetails(document, secrets) })
      continue
    }
    const moved =
      before.protocol !== document.protocol || before.host !== document.host || before.port !== document.port
    const changed = moved ? secrets : await changedSecrets(ctx, before.id, document, secrets)
    if (moved) await demandEverySecret(ctx, file, path, before, secrets)
    planned.push({ ...base, action: 'update', secrets: changed, details: changeDetails(before, document, changed) })
  }
  return planned
}

function secretsOf(
  file: ManifestFile,
  path: readonly PropertyKey[],
  name: string,
  sources: Manifest['connections'][number]['secret'],
  given: GivenSecrets,
): Record<string, string> {
  const own = Object.hasOwn(given, name) ? given[name] : undefined
  return Object.fromEntries(
    Object.entries(sources).map(([field, source]) => {
      const value = 'value' in source ? source.value : own && Object.hasOwn(own, field) ? own[field] : undefined
      if (!value) {
        const from =
          'env' in source ? `environment variable ${source.env}` : 'file' in source ? `file ${source.file}` : 'file'
        throw file.fail([...path, 'secret', field], `${name}: the secret ${field} is empty or missing (${from})`)
      }
      return [field, value]
    }),
  )
}

async function demandEverySecret(
  ctx: Context,
  file: ManifestFile,
  path: readonly PropertyKey[],
  before: StoredConnection,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const rows = await ctx.db
    .select({ field: connectionSecrets.field })
    .from(connectionSecrets)
    .where(eq(connectionSecrets.connectionId, before.id))
  const missing = rows.find(({ field }) => !Object.hasOwn(secrets, field))
  if (missing !== undefined)
    throw file.fail(
      [...path, 'address'],
      `${before.name}: the address changed, so its secret ${missing.field} must be given again`,
    )
}

async function planAgents(ctx: Context, file: ManifestFile): Promise<PlannedChange[]> {
  const planned: PlannedChange[] = []
  for (const [index, agent] of file.manifest.agents.entries()) {
    const rows = await ctx.db.select().from(principals).where(eq(principals.name, agent.name)).for('update')
    const other = rows.find((row) => row.kind !== 'person' && row.kind !== agent.kind)
    if (other !== undefined)
      throw file.fail(['agents', index, 'name'], `${agent.name} is registered as ${other.kind} already`)
    const before = rows.find((row) => row.kind === agent.kind) ?? null
    const base = { what: 'agent', kind: agent.kind, name: agent.name, before, agent } as const
    const groups = [...new Set(agent.groups)].sort()
    if (before === null) {
      planned.push({ ...base, action: 'create', details: [`owner ${agent.owner}`, `groups ${list(groups)}`] })
      continue
    }
    const details: string[] = []
    const owner = await ownerOf(ctx, before.ownerId)
    if (owner?.toLowerCase() !== agent.owner.toLowerCase()) details.push(`owner ${owner ?? 'nobody'} → ${agent.owner}`)
    if (list(before.groups) !== list(groups)) details.push(`groups ${list(before.groups)} → ${list(groups)}`)
    planned.push({ ...base, action: 'update', details })
  }
  return planned
}

async function ownerOf(ctx: Context, id: (typeof principals.$inferSelect)['ownerId']): Promise<string | null> {
  if (id === null) return null
  const [row] = await ctx.db.select({ email: principals.email }).from(principals).where(eq(principals.id, id))
  return row?.email ?? null
}

/** Runs a check of one part of the file; what it throws then names the file and the line. */
function blaming<T>(file: ManifestFile, path: readonly PropertyKey[], check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error
    const field = error.field?.replace(/^secrets\./, 'secret.').split('.') ?? []
    throw file.fail([...path, ...field], error.message.replace(/^secrets\./, 'secret.'))
  }
}

function newDetails(document: ConnectionDocument, secrets: Readonly<Record<string, string>>): string[] {
  return [
    `${document.protocol} at ${formatAddress(document)}`,
    `access ${list(document.access)}`,
    ...Object.keys(secrets).map((field) => `secret ${field} set`),
  ]
}

function changeDetails(before: StoredConnection, after: ConnectionDocument, secrets: Record<string, string>): string[] {
  const keys = changedKeys(before, after)
  const details = keys.filter((key) => key !== 'host' && key !== 'port').map((key) => `${key} changed`)
  if (keys.includes('host') || keys.includes('port'))
    details.unshift(`address ${formatAddress(before)} → ${formatAddress(after)}`)
  if (keys.includes('access'))
    details[details.indexOf('access changed')] = `access ${list(before.access)} → ${list(after.access)}`
  return [...details, ...Object.keys(secrets).map((field) => `secret ${field} changed`)]
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ')
}
