import { bigint, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { PrincipalId } from '../../domain/ids'
import type { PolicyDocument } from '../../domain/policy'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** What of the current set an admin edits. What is in force is the newest of `policy_versions`. */
export const policyDocuments = pgTable('policy_documents', {
  name: text('name').primaryKey(),
  text: text('text').notNull(),
  /** Grows with every change of this document; given back when it is saved. */
  version: integer('version').notNull().default(1),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by').$type<PrincipalId>().notNull(),
  updatedByName: text('updated_by_name').notNull(),
})

/** What one version of the set changed of the one before. */
export interface PolicyChange {
  readonly action: 'create' | 'update' | 'delete'
  readonly name: string
}

/** Every set of policies that was ever in force, with all its documents. Append-only; numbers have no gaps. */
export const policyVersions = pgTable('policy_versions', {
  version: bigint('version', { mode: 'number' }).primaryKey(),
  documents: jsonb('documents').$type<readonly PolicyDocument[]>().notNull(),
  changes: jsonb('changes').$type<readonly PolicyChange[]>().notNull(),
  changedBy: text('changed_by').$type<PrincipalId>().notNull(),
  changedByName: text('changed_by_name').notNull(),
  changedAt: at('changed_at').notNull().defaultNow(),
})
