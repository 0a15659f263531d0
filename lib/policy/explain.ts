import type { PolicyVerdict } from '../domain/policy'
import type { Statement } from './parse'
import type { PolicyOperation } from './request'
import type { JudgedSession, Slice } from './slice'

/** A statement that made a decision, for people. */
type ExplainedStatement = Pick<Statement, 'id' | 'document' | 'line' | 'effect' | 'reason' | 'hold' | 'alert'> & {
  readonly text: string
}

export interface Explanation {
  readonly verdict: PolicyVerdict
  /** The statements that made it, in no order; empty when none permits it. */
  readonly determining: readonly ExplainedStatement[]
  /** What approval by all that are asked would lead to; null when nobody is asked. */
  readonly approved: PolicyVerdict | null
}

/** Approvals may lead to other demands; so many times at most. */
const DEEPEST = 5

export function explain(slice: Slice, who: JudgedSession, operation: PolicyOperation): Explanation {
  const { verdict, determining } = slice.answer(who, operation)
  let approved: PolicyVerdict | null = null
  let approvedBy = operation.approvedBy
  for (let held = verdict, deep = 0; held.effect === 'hold' && deep < DEEPEST; deep++) {
    approvedBy = [...approvedBy, ...held.demands.map(({ group }) => group)]
    held = slice.answer(who, { ...operation, approvedBy }).verdict
    approved = held
  }
  return { verdict, determining: determining.map(shown), approved }
}

function shown({ id, document, line, effect, reason, hold, alert, text }: Statement): ExplainedStatement {
  return { id, document, line, effect, reason, hold, alert, text: text.trim() }
}
