import type { HoldDemand } from '../domain/hold'
import type { PolicyAlert, PolicyVerdict } from '../domain/policy'
import { ask, type CedarAnswer, type CedarQuestion } from './cedar'
import { contextOf, type SessionEntities } from './context'
import type { Statement } from './parse'
import type { PolicyOperation, PolicySession } from './request'
import { type Volatile, volatileIn } from './volatile'

const FAILED = 'The policies could not be evaluated, so nothing is allowed.'
const NONE_PERMITS = 'No policy permits this.'

/** The statements that can apply to a connection, prepared in Cedar under `name`. */
export class Slice {
  readonly volatile: Volatile
  readonly #name: string
  readonly #statements: ReadonlyMap<string, Statement>

  constructor(name: string, statements: readonly Statement[]) {
    this.#name = name
    this.#statements = new Map(statements.map((statement) => [statement.id, statement]))
    this.volatile = volatileIn(statements)
  }

  /** Deny beats hold beats allow; whatever goes wrong is a deny. */
  judge(session: PolicySession, entities: SessionEntities, operation: PolicyOperation): PolicyVerdict {
    return this.answer(session, entities, operation).verdict
  }

  /** The verdict and the statements that made it. */
  answer(
    session: PolicySession,
    entities: SessionEntities,
    operation: PolicyOperation,
  ): { readonly verdict: PolicyVerdict; readonly determining: readonly Statement[] } {
    const put = (approvedBy: readonly string[]) => this.#ask(session, entities, { ...operation, approvedBy })
    const first = put(operation.approvedBy)
    const determining = this.#named(first)
    const verdict = this.#verdict(first, determining)
    if (verdict.effect !== 'hold') return { verdict, determining }
    // Nobody is asked to approve what the policies do not permit then either.
    const groups = verdict.demands.map(({ group }) => group)
    const then = put([...operation.approvedBy, ...groups])
    const after = this.#named(then)
    if (then.allowed || after.some(({ effect, hold }) => effect === 'forbid' && hold !== null))
      return { verdict, determining }
    return { verdict: this.#verdict(then, after), determining: after }
  }

  #ask(session: PolicySession, entities: SessionEntities, operation: PolicyOperation): CedarAnswer {
    const question: CedarQuestion = { policies: this.#name, ...entities, context: contextOf(session, operation) }
    return ask(question)
  }

  #named(answer: CedarAnswer): readonly Statement[] {
    return answer.determining.flatMap((id) => this.#statements.get(id) ?? [])
  }

  #verdict(answer: CedarAnswer, determining: readonly Statement[]): PolicyVerdict {
    const alerts = determining.flatMap(({ id, alert }): PolicyAlert[] =>
      alert === null ? [] : [{ policy: id, severity: alert }],
    )
    const policies = determining.map(({ id }) => id)
    if (answer.failed) return { effect: 'deny', policies: [], reason: FAILED, alerts }
    if (answer.allowed) return { effect: 'allow', policies, alerts }
    const [refusal] = determining.filter(({ hold }) => hold === null)
    const demands = determining.flatMap(({ id, hold, reason }): HoldDemand[] =>
      hold === null ? [] : [{ policy: id, reason, ...hold }],
    )
    const [first, ...more] = demands
    if (refusal === undefined && first !== undefined) return { effect: 'hold', demands: [first, ...more], alerts }
    return { effect: 'deny', policies, reason: refusal?.reason ?? NONE_PERMITS, alerts }
  }
}
