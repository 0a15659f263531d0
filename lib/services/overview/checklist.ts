import { and, eq, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { connections, connectionTests } from '../../db/schema/connections'
import { auditEvents } from '../../db/schema/events'
import { accessTokens, principals } from '../../db/schema/principals'
import { reviews } from '../../db/schema/reviews'
import { sessions } from '../../db/schema/sessions'
import { may } from '../../domain/permissions'
import { visibleConnections } from '../connections/list'
import type { Context } from '../context'
import { visibleReviews } from '../reviews/review-row'
import { visibleSessions } from '../sessions/session-item'

const STEPS = ['connection', 'test', 'agent', 'token', 'session', 'approval', 'replay'] as const
export const stepItem = z.object({ step: z.enum(STEPS), done: z.boolean() })
export type StepItem = z.infer<typeof stepItem>

/** The way from nothing to a first approval and a first replay; each step ticks itself off. Steps the actor has no role for are left out. */
export async function readChecklist(ctx: Context): Promise<StepItem[]> {
  const me = ctx.actor.principal.id
  const admin = may(ctx.actor, 'connections:write')
  const mine = (owner: SQL | undefined) => (may(ctx.actor, 'tokens:read') ? undefined : owner)
  const checks: [StepItem['step'], Promise<boolean>][] = [
    ['connection', some(ctx, connections, and(isNull(connections.deletedAt), visibleConnections(ctx)))],
    ...(admin
      ? ([
          ['test', some(ctx, connectionTests, eq(connectionTests.state, 'passed'))],
          ['agent', some(ctx, principals, ne(principals.kind, 'person'))],
        ] satisfies [StepItem['step'], Promise<boolean>][])
      : []),
    ['token', some(ctx, accessTokens, and(eq(accessTokens.scope, 'gateway'), mine(ownToken(me))))],
    ['session', some(ctx, sessions, visibleSessions(ctx))],
    ['approval', some(ctx, reviews, and(eq(reviews.state, 'approved'), visibleReviews(ctx)))],
    ['replay', some(ctx, auditEvents, and(eq(auditEvents.action, 'session.view'), eq(auditEvents.actorId, me)))],
  ]
  return Promise.all(checks.map(async ([step, done]) => ({ step, done: await done })))
}

function ownToken(me: Context['actor']['principal']['id']): SQL | undefined {
  return or(eq(accessTokens.principalId, me), eq(accessTokens.createdBy, me))
}

async function some(ctx: Context, table: PgTable, where: SQL | undefined): Promise<boolean> {
  const rows = await ctx.db.select({ one: sql`1` }).from(table).where(where).limit(1)
  return rows.length > 0
}
