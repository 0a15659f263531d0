'use server'
import { requireContext } from '#lib/auth/context'
import type { ReplayCell } from '#lib/domain/replay/postgres-result'
import type { SessionVerdict } from '#lib/services/sessions/verify'
import { type Outcome, outcome } from '../../../_components/outcome'
import type { OpenedStatement } from './_components/opened-statement'
import type { SessionView } from './_components/session'
import type { StatementWindow } from './_components/statement'
import { openedStatement, resultRows, sessionView, statementWindow, verification, type WindowQuery } from './load'

/** The session's digest as it stands now. */
export async function readSessionNow(id: string): Promise<Outcome<SessionView>> {
  const ctx = await requireContext()
  return outcome(() => sessionView(ctx, id))
}

/** Statements after or before one, or from the start. */
export async function loadStatements(id: string, query: WindowQuery): Promise<StatementWindow> {
  return statementWindow(await requireContext(), id, query)
}

/** One statement with the first rows of its result and its events. */
export async function openStatement(id: string, op: number): Promise<Outcome<OpenedStatement>> {
  const ctx = await requireContext()
  return outcome(() => openedStatement(ctx, id, op))
}

/** Rows of one result set from `offset` on. */
export async function readRows(
  id: string,
  op: number,
  set: number,
  offset: number,
): Promise<Outcome<readonly (readonly ReplayCell[])[]>> {
  const ctx = await requireContext()
  return outcome(() => resultRows(ctx, id, op, set, offset))
}

/** Recomputes the session's chain. */
export async function verifySessionNow(id: string): Promise<Outcome<SessionVerdict>> {
  const ctx = await requireContext()
  return outcome(() => verification(ctx, id))
}
