import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import type { PrincipalId, RunId, SignInId, TokenId } from '../../domain/ids'
import type { PrincipalKind, Role } from '../../domain/principal'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Persons, agents and services. A person's groups come from the identity provider at each sign-in. */
export const principals = pgTable(
  'principals',
  {
    id: text('id').$type<PrincipalId>().primaryKey(),
    kind: text('kind').$type<PrincipalKind>().notNull(),
    name: text('name').notNull(),
    email: text('email'),
    ownerId: text('owner_id').$type<PrincipalId>(),
    groups: text('groups').array().notNull().default(sql`'{}'`),
    disabledAt: at('disabled_at'),
    createdAt: at('created_at').notNull().defaultNow(),
    lastSeenAt: at('last_seen_at'),
  },
  (t) => [
    uniqueIndex('principals_email').on(sql`lower(${t.email})`),
    uniqueIndex('principals_name').on(t.kind, t.name).where(sql`${t.kind} <> 'person'`),
    index('principals_owner').on(t.ownerId),
  ],
)

/** Which account at which provider a person is. Never matched by e-mail address. */
export const accounts = pgTable(
  'accounts',
  {
    provider: text('provider').notNull(),
    subject: text('subject').notNull(),
    principalId: text('principal_id')
      .$type<PrincipalId>()
      .notNull()
      .references(() => principals.id),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.subject] })],
)

/** A browser's sign-in. Only the hash of its cookie is kept. */
export const signIns = pgTable(
  'sign_ins',
  {
    id: text('id').$type<SignInId>().primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    principalId: text('principal_id')
      .$type<PrincipalId>()
      .notNull()
      .references(() => principals.id),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [index('sign_ins_principal').on(t.principalId)],
)

/** Members of `group` have `role`. */
export const roleGroups = pgTable(
  'role_groups',
  { role: text('role').$type<Role>().notNull(), group: text('group').notNull() },
  (t) => [primaryKey({ columns: [t.role, t.group] })],
)

/** One agent job. */
export const runs = pgTable(
  'runs',
  {
    id: text('id').$type<RunId>().primaryKey(),
    principalId: text('principal_id')
      .$type<PrincipalId>()
      .notNull()
      .references(() => principals.id),
    label: text('label').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [index('runs_principal').on(t.principalId, t.createdAt)],
)

/** Access tokens: shown once, kept as SHA-256, short-lived, revocable. */
export const accessTokens = pgTable(
  'access_tokens',
  {
    id: text('id').$type<TokenId>().primaryKey(),
    hash: text('hash').notNull().unique(),
    /** Last four characters, so that people can tell tokens apart. */
    hint: text('hint').notNull(),
    label: text('label').notNull().default(''),
    principalId: text('principal_id')
      .$type<PrincipalId>()
      .notNull()
      .references(() => principals.id),
    runId: text('run_id')
      .$type<RunId>()
      .references(() => runs.id),
    /** Names of the connections it is good for; null: all its principal may use. */
    connections: text('connections').array(),
    /** Set when a person minted it for themselves in a browser: signing out revokes it. */
    signInId: text('sign_in_id').$type<SignInId>(),
    /** What it is good for: the gateway's listeners, and (for `login`) the API with its principal's own roles. */
    scope: text('scope').$type<'gateway' | 'api'>().notNull().default('gateway'),
    createdBy: text('created_by').$type<PrincipalId>().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    lastUsedAt: at('last_used_at'),
  },
  (t) => [
    index('access_tokens_principal').on(t.principalId, t.createdAt),
    index('access_tokens_sign_in').on(t.signInId),
  ],
)

/** Sign-in of the command line by a code typed into a browser (RFC 8628). */
export const deviceLogins = pgTable('device_logins', {
  deviceHash: text('device_hash').primaryKey(),
  userCode: text('user_code').notNull().unique(),
  createdAt: at('created_at').notNull().defaultNow(),
  expiresAt: at('expires_at').notNull(),
  principalId: text('principal_id').$type<PrincipalId>(),
  deniedAt: at('denied_at'),
  consumedAt: at('consumed_at'),
  polledAt: at('polled_at'),
})
