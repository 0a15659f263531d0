import type { PolicySet, PolicyVerdict } from '../domain/policy'
import { entitiesOf } from './context'
import { type Explanation, explain } from './explain'
import { parseDocument, type Statement } from './parse'
import type { PolicyOperation, PolicySession } from './request'
import { Slice } from './slice'
import { operationKey, sessionKey, VerdictCache } from './verdict-cache'

/** Judges the operations of one session. */
export type Judge = (operation: PolicyOperation) => PolicyVerdict

/** A set of policies, ready to judge. A new set is a new object; what the old one takes in Cedar is given back with `release`. */
export class Policies {
  readonly version: number
  readonly #statements: readonly Statement[]
  /** By the ids in it: connections that the same statements can apply to share one. */
  readonly #slices = new Map<string, Slice>()
  readonly #verdicts = new VerdictCache()
  #released = false

  /** Throws when a document is not one that was checked (`validatePolicies`): nothing is in force half. */
  constructor(set: PolicySet) {
    this.version = set.version
    this.#statements = set.documents.flatMap((document) => {
      const { statements, problems } = parseDocument(document)
      const [problem] = problems
      if (problem) throw new Error(`${problem.document}:${problem.line ?? 1}: ${problem.message}`)
      return statements
    })
    if (new Set(this.#statements.map(({ id }) => id)).size < this.#statements.length)
      throw new Error('two policies have the same id')
  }

  /** Verdicts are cached by what they rest on, over all sessions, so that a hot statement costs a look-up. */
  judge(session: PolicySession): Judge {
    const slice = this.#sliceOf(session.connection.name)
    const who = { session, entities: entitiesOf(session) }
    const prefix = sessionKey(session, slice.uses)
    return (operation) => {
      const own = this.#released ? null : operationKey(operation, slice.uses)
      const key = prefix + own
      const hit = own === null ? undefined : this.#verdicts.find(key)
      if (hit !== undefined) return hit
      const { verdict } = slice.answer(who, operation)
      if (own !== null) this.#verdicts.keep(key, verdict)
      return verdict
    }
  }

  /** What would be decided about an operation, and by which statements. */
  explain(session: PolicySession, operation: PolicyOperation): Explanation {
    const who = { session, entities: entitiesOf(session) }
    return explain(this.#sliceOf(session.connection.name), who, operation)
  }

  /** Gives back what Cedar keeps for this set. It denies everything from here on, whoever still asks. */
  release(): void {
    this.#released = true
    for (const slice of this.#slices.values()) slice.release()
    this.#slices.clear()
    this.#verdicts.clear()
  }

  #sliceOf(connection: string): Slice {
    const statements = this.#statements.filter(({ tree }) => canApply(tree.resource, connection))
    const ids = statements.map(({ id }) => id).join('\n')
    const known = this.#slices.get(ids)
    if (known !== undefined) return known
    const slice = new Slice(statements)
    if (this.#released) slice.release()
    else this.#slices.set(ids, slice)
    return slice
  }
}

/** Whether a statement's scope can be about a connection: only one that names another is left out. */
function canApply(resource: unknown, connection: string): boolean {
  if (typeof resource !== 'object' || resource === null || !('op' in resource) || resource.op !== '==') return true
  const { entity } = resource as { entity?: { type?: string; id?: string } }
  return entity?.type !== 'Connection' || entity.id === connection
}
