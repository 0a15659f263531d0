import type { PolicySet, PolicyVerdict } from '../domain/policy'
import { prepare } from './cedar'
import { entitiesOf, type SessionEntities } from './context'
import { type Explanation, explain } from './explain'
import { parseDocument, type Statement } from './parse'
import type { PolicyOperation, PolicySession } from './request'
import { Slice } from './slice'
import { momentKey } from './volatile'

/** Verdicts that one session keeps. */
const KEPT = 2_000

/** Judges the operations of one session. */
export type Judge = (operation: PolicyOperation) => PolicyVerdict

/** A name for prepared policies that nobody in this process uses; it goes into Cedar's own table. */
export type SlotNames = () => string

/** A set of policies, ready to judge. A new set is a new object; what the old one prepared is given back with `release`. */
export class Policies {
  readonly version: number
  readonly #statements: readonly Statement[]
  /** By the ids in it: connections that the same statements can apply to share one. */
  readonly #slices = new Map<string, { readonly slice: Slice; readonly slot: string }>()
  readonly #slot: SlotNames

  /** Throws when a document is not one that was checked (`validatePolicies`): nothing is in force half. */
  constructor(set: PolicySet, slot: SlotNames) {
    this.version = set.version
    this.#slot = slot
    this.#statements = set.documents.flatMap((document) => {
      const { statements, problems } = parseDocument(document)
      const [problem] = problems
      if (problem) throw new Error(`${problem.document}:${problem.line ?? 1}: ${problem.message}`)
      return statements
    })
    if (new Set(this.#statements.map(({ id }) => id)).size < this.#statements.length)
      throw new Error('two policies have the same id')
  }

  /** Verdicts are cached by what they rest on, so that a hot statement costs a look-up. */
  judge(session: PolicySession): Judge {
    const slice = this.#sliceOf(session.connection.name)
    const entities = entitiesOf(session)
    const known = new Map<string, PolicyVerdict>()
    return (operation) => {
      const key = keyOf(slice, operation)
      const hit = key === null ? undefined : known.get(key)
      if (hit !== undefined) return hit
      const verdict = slice.judge(session, entities, operation)
      if (key !== null) remember(known, key, verdict)
      return verdict
    }
  }

  /** What would be decided about an operation, and by which statements. */
  explain(session: PolicySession, operation: PolicyOperation): Explanation {
    const entities: SessionEntities = entitiesOf(session)
    return explain(this.#sliceOf(session.connection.name), session, entities, operation)
  }

  /** Empties what Cedar keeps for this set. Judges of it answer deny from here on. */
  release(): void {
    for (const { slot } of this.#slices.values()) prepare(slot, {})
    this.#slices.clear()
  }

  #sliceOf(connection: string): Slice {
    const statements = this.#statements.filter(({ tree }) => canApply(tree.resource, connection))
    const ids = statements.map(({ id }) => id).join('\n')
    const known = this.#slices.get(ids)
    if (known !== undefined) return known.slice
    const slot = this.#slot()
    prepare(slot, Object.fromEntries(statements.map(({ id, text }) => [id, text])))
    const slice = new Slice(slot, statements)
    this.#slices.set(ids, { slice, slot })
    return slice
  }
}

/** Whether a statement's scope can be about a connection: only one that names another is left out. */
function canApply(resource: unknown, connection: string): boolean {
  if (typeof resource !== 'object' || resource === null || !('op' in resource) || resource.op !== '==') return true
  const { entity } = resource as { entity?: { type?: string; id?: string } }
  return entity?.type !== 'Connection' || entity.id === connection
}

function keyOf(slice: Slice, operation: PolicyOperation): string | null {
  const moment = momentKey(slice.volatile, operation)
  if (moment === null) return null
  const { facts, approvedBy, type, names } = operation
  const approved = approvedBy.length === 0 ? '' : JSON.stringify([...approvedBy].sort())
  return `${type}\n${facts?.key ?? ''}\n${names.key}\n${approved}\n${moment}`
}

function remember(known: Map<string, PolicyVerdict>, key: string, verdict: PolicyVerdict): void {
  if (known.size >= KEPT) {
    const [oldest] = known.keys()
    if (oldest !== undefined) known.delete(oldest)
  }
  known.set(key, verdict)
}
