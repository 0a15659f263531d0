import type { PolicySet, PolicyVerdict } from '../domain/policy'
import { entitiesOf, type SessionEntities } from './context'
import { type Explanation, explain } from './explain'
import { parseDocument, type Statement } from './parse'
import { PreparedPool } from './prepared-pool'
import type { PolicyOperation, PolicySession } from './request'
import { canApply } from './scope'
import { Slice } from './slice'
import { operationKey, RecentVerdicts, sessionKey, VerdictCache } from './verdict-cache'

/** Slices that are found again; sessions keep theirs beyond that. */
const MOST_SLICES = 200

/** Judges the operations of one session. */
export type Judge = (operation: PolicyOperation) => PolicyVerdict

/** A set of policies, ready to judge. A new set is a new object; what the old one takes in Cedar is given back with `release`. */
export class Policies {
  readonly version: number
  readonly #statements: readonly Statement[]
  readonly #pool = new PreparedPool()
  /** By the ids in it: whoever the same statements can apply to, on whichever connection, shares one. */
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
    const who = { session, entities: entitiesOf(session) }
    const slice = this.#sliceOf(who.entities)
    const prefix = sessionKey(session, slice.uses)
    const recent = new RecentVerdicts(slice.uses)
    return (operation) => {
      const recently = this.#released ? undefined : recent.find(operation)
      if (recently !== undefined) return recently
      const own = operationKey(operation, slice.uses)
      const key = prefix + own
      const hit = own === null ? undefined : this.#verdicts.find(key)
      if (hit !== undefined) {
        recent.keep(operation, hit)
        return hit
      }
      const { verdict, failed } = slice.answer(who, operation)
      if (failed) return verdict
      if (own !== null) this.#verdicts.keep(key, verdict)
      recent.keep(operation, verdict)
      return verdict
    }
  }

  /** What would be decided about an operation, and by which statements. */
  explain(session: PolicySession, operation: PolicyOperation): Explanation {
    const who = { session, entities: entitiesOf(session) }
    return explain(this.#sliceOf(who.entities), who, operation)
  }

  /** Gives back what Cedar keeps for this set. It denies everything from here on, whoever still asks. */
  release(): void {
    this.#released = true
    this.#pool.release()
    this.#slices.clear()
    this.#verdicts.clear()
  }

  #sliceOf({ entities: [who, on] }: SessionEntities): Slice {
    const statements = this.#statements.filter(({ tree }) => canApply(tree, who, on))
    const ids = statements.map(({ id }) => id).join('\n')
    const slice = this.#slices.get(ids) ?? new Slice(statements, this.#pool)
    this.#slices.delete(ids)
    const [oldest] = this.#slices.keys()
    if (oldest !== undefined && this.#slices.size >= MOST_SLICES) this.#slices.delete(oldest)
    this.#slices.set(ids, slice)
    return slice
  }
}
