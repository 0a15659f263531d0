import { z } from 'zod'
import type { policyDocuments } from '../../db/schema/policies'
import { parseDocument } from '../../policy/parse'
import { iso, isoTime } from '../timestamps'

/** They stand in addresses of the API and the portal where a document's name would. */
const RESERVED = new Set(['check', 'explain', 'dry-run', 'versions', 'new', 'changes'])

export const policyName = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/, 'A name has 1 to 63 characters: a to z, 0 to 9 and hyphens')
  .refine((name) => !RESERVED.has(name), 'This name is taken by the API')

export const policyOutline = z.object({
  /** Its `@id`, else the document's name, numbered from the second on. */
  id: z.string(),
  line: z.number().int(),
  effect: z.enum(['permit', 'forbid']),
  /** What a refused client reads. */
  reason: z.string(),
  hold: z.object({ group: z.string(), quorum: z.number().int() }).nullable(),
  alert: z.enum(['info', 'warning', 'critical']).nullable(),
})

export const policyItem = z.object({
  name: z.string(),
  /** Cedar, as it was written. */
  text: z.string(),
  /** The policies in it, in order. */
  policies: z.array(policyOutline),
  /** Grows with every change; give it back when you change the document. */
  version: z.number().int(),
  createdAt: isoTime,
  updatedAt: isoTime,
  updatedBy: z.object({ id: z.string(), name: z.string() }),
})
export type PolicyItem = z.infer<typeof policyItem>

export function toPolicyItem(row: typeof policyDocuments.$inferSelect): PolicyItem {
  return {
    name: row.name,
    text: row.text,
    policies: parseDocument(row).statements.map(({ id, line, effect, reason, hold, alert }) => ({
      ...{ id, line, effect, reason, hold, alert },
    })),
    version: row.version,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    updatedBy: { id: row.updatedBy, name: row.updatedByName },
  }
}
