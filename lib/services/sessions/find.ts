import { and, eq } from 'drizzle-orm'
import { sessions } from '../../db/schema/sessions'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import type { Context } from '../context'
import { type SessionRow, selectSessions, visibleSessions } from './session-item'

/** The session, if the actor may see it and its recording. Throws `not_found`. */
export async function findSession(ctx: Context, id: string): Promise<SessionRow> {
  const [row] = isId('session', id)
    ? await selectSessions(ctx.db, and(eq(sessions.id, id), visibleSessions(ctx)), [], 1)
    : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such session.')
  return row
}
