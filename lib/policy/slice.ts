import type { HoldDemand } from '../domain/hold'
import type { PolicyAlert, PolicyVerdict } from '../domain/policy'
import type { CedarAnswer, PreparedStatements } from './cedar'
import { contextOf, type SessionEntities } from './context'
import type { Statement } from './parse'
import type { PreparedPool } from './prepared-pool'
import type { PolicyOperation, PolicySession } from './request'
import { type ContextUses, contextUses } from './uses'

const FAILED = 'The policies could not be evaluated, so nothing is allowed.'
const TOO_MUCH = 'It names more relations, columns or functions than can be judged.'
const NONE_PERMITS = 'No policy permits this.'

const UNANSWERED: CedarAnswer = { allowed: false, determining: [], failed: true }

/** A session as Cedar sees it, made once. */
export interface JudgedSession {
  readonly session: PolicySession
  readonly entities: SessionEntities
}

export interface Answer {
  readonly verdict: PolicyVerdict
  /** The statements that made it, in the order of the set. */
  readonly determining: readonly Statement[]
  /** Something could not be evaluated: it is a deny, and may be another verdict the next time. */
  readonly failed: boolean
}

/** The statements that can apply to a principal on a connection. */
export class Slice {
  readonly uses: ContextUses
  readonly #statements: readonly Statement[]
  readonly #texts: Readonly<Record<string, string>>
  readonly #pool: PreparedPool

  constructor(statements: readonly Statement[], pool: PreparedPool) {
    this.#statements = statements
    this.#texts = Object.fromEntries(statements.map(({ id, text }) => [id, text]))
    this.#pool = pool
    this.uses = contextUses(statements.map(({ tree }) => tree))
  }

  /** Deny beats hold beats allow; whatever goes wrong is a deny. */
  answer(who: JudgedSession, operation: PolicyOperation): Answer {
    const now = this.#ask(who, operation, operation.approvedBy)
    if (now.verdict.effect !== 'hold') return now
    // Nobody is asked to approve what is refused then all the same.
    const groups = now.verdict.demands.map(({ group }) => group)
    const then = this.#ask(who, operation, [...operation.approvedBy, ...groups])
    return then.verdict.effect === 'deny' ? then : now
  }

  #ask({ session, entities }: JudgedSession, operation: PolicyOperation, approvedBy: readonly string[]): Answer {
    const context = contextOf(session, { ...operation, approvedBy }, this.uses)
    if (context === null)
      return { verdict: { effect: 'deny', policies: [], reason: TOO_MUCH, alerts: [] }, determining: [], failed: false }
    const answer = this.#prepared()?.ask({ ...entities, context }) ?? UNANSWERED
    const named = new Set(answer.determining)
    const determining = this.#statements.filter(({ id }) => named.has(id))
    return { verdict: toVerdict(answer, determining), determining, failed: answer.failed }
  }

  #prepared(): PreparedStatements | null {
    try {
      return this.#pool.of(this, this.#texts)
    } catch {
      return null
    }
  }
}

function toVerdict(answer: CedarAnswer, determining: readonly Statement[]): PolicyVerdict {
  const policies = determining.map(({ id }) => id)
  const alerts = determining.flatMap(({ id, alert }): PolicyAlert[] =>
    alert === null ? [] : [{ policy: id, severity: alert }],
  )
  if (answer.failed) return { effect: 'deny', policies: [], reason: FAILED, alerts: [] }
  if (answer.allowed) return { effect: 'allow', policies, alerts }
  if (policies.length === 0) return { effect: 'deny', policies: [], reason: NONE_PERMITS, alerts: [] }
  const refusals = determining.filter(({ hold }) => hold === null)
  const [demand, ...more] = determining.flatMap(({ id, hold, reason }): HoldDemand[] =>
    hold === null ? [] : [{ policy: id, reason, ...hold }],
  )
  if (refusals.length === 0 && demand !== undefined) return { effect: 'hold', demands: [demand, ...more], alerts }
  const [first] = refusals
  return { effect: 'deny', policies: refusals.map(({ id }) => id), reason: first?.reason ?? FAILED, alerts }
}
