import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import * as wasm from '@cedar-policy/cedar-wasm/nodejs'

/** The few calls of Cedar (WASM) that are used, with its answers as values. Everything else of it stays behind this file. */

// V8 11 (Node 20) dies when a function it had compiled together with a call into WASM that returns an object is deoptimised
// during that call. Without this a worker would die of it now and then; a test provokes it.
setFlagsFromString('--no-turbo-inline-js-wasm-calls')

/** Something Cedar has to say about a text; `at` is an offset into it where Cedar names one. */
export interface CedarProblem {
  readonly message: string
  readonly at: number | null
}

interface DetailedError {
  readonly message: string
  readonly help?: string | null
  readonly sourceLocations?: readonly { readonly start: number; readonly label?: string | null }[]
}

function problemOf(text: string, { message, help, sourceLocations }: DetailedError): CedarProblem {
  const [place] = sourceLocations ?? []
  const expected = place?.label ? ` (${place.label})` : ''
  // Cedar counts bytes.
  const at = place === undefined ? null : Buffer.from(text).subarray(0, place.start).toString().length
  return { message: `${message}${expected}${help ? `. ${help}` : ''}`, at }
}

/** Cedar's JSON form of one statement, as far as it is looked at. */
export interface StatementTree {
  readonly effect: 'permit' | 'forbid'
  readonly principal: unknown
  readonly resource: unknown
  readonly conditions: readonly { readonly kind: 'when' | 'unless'; readonly body: unknown }[]
  readonly annotations: Readonly<Record<string, string | null>>
}

/** Parses the text of one statement. */
export function parseStatement(text: string): StatementTree | CedarProblem {
  const answer = wasm.policyToJson(text)
  if (answer.type === 'failure') {
    const [error] = answer.errors
    return error === undefined ? { message: 'not a policy', at: null } : problemOf(text, error as DetailedError)
  }
  const { effect, principal, resource, conditions, annotations = {} } = answer.json
  return { effect, principal, resource, conditions, annotations: annotations as Record<string, string | null> }
}

/** Of Cedar's warnings those that make a policy something else than it looks like. */
const GRAVE = /policy is impossible|BIDI/

/** Checks statements strictly against a schema; each problem with the index of its statement, and an offset into that one's text. */
export function checkStatements(
  schema: string,
  texts: readonly string[],
): readonly (CedarProblem & { readonly statement: number })[] {
  const staticPolicies = Object.fromEntries(texts.map((text, index) => [`${index}`, text]))
  const answer = wasm.validate({ schema, policies: { staticPolicies }, validationSettings: { mode: 'strict' } })
  if (answer.type === 'failure')
    return answer.errors.map((error) => ({ statement: 0, message: error.message, at: null }))
  const wrong = new Set(answer.validationErrors.map(({ policyId }) => policyId))
  const warnings = answer.validationWarnings.filter(
    ({ policyId, error }) => !wrong.has(policyId) && GRAVE.test(error.message),
  )
  return [...answer.validationErrors, ...warnings].map(({ policyId, error }) => {
    const problem = problemOf(texts[Number(policyId)] ?? '', error as DetailedError)
    const message = problem.message.replace(`for policy \`${policyId}\`, `, '')
    return { ...problem, statement: Number(policyId), message }
  })
}

export interface CedarEntity {
  readonly uid: { readonly type: string; readonly id: string }
  readonly attrs: Readonly<Record<string, string>>
  readonly parents: readonly { readonly type: string; readonly id: string }[]
  readonly tags?: Readonly<Record<string, string>>
}

export interface CedarQuestion {
  readonly principal: CedarEntity['uid']
  readonly resource: CedarEntity['uid']
  readonly entities: readonly CedarEntity[]
  readonly context: Readonly<Record<string, unknown>>
}

export interface CedarAnswer {
  readonly allowed: boolean
  /** Ids of the statements that decided. */
  readonly determining: readonly string[]
  /** Something could not be evaluated: the answer means nothing. */
  readonly failed: boolean
}

const FAILED: CedarAnswer = { allowed: false, determining: [], failed: true }

/**
 * Cedar keeps prepared policies in a table of its own, for the whole process and for good. These are our places in it: nobody else
 * has the prefix, and a place that was given back is used again.
 */
const places = { prefix: randomUUID(), made: 0, free: [] as string[] }

/** Statements that Cedar keeps ready. */
export class PreparedStatements {
  #place: string | null

  /** `statements`: id → text. Throws when Cedar refuses them. */
  constructor(statements: Readonly<Record<string, string>>) {
    const place = places.free.pop() ?? `${places.prefix}-${places.made++}`
    const answer = wasm.preparsePolicySet(place, { staticPolicies: { ...statements } })
    if (answer.type === 'failure') {
      places.free.push(place)
      throw new Error(`Cedar refuses the policies: ${answer.errors[0]?.message ?? ''}`)
    }
    this.#place = place
  }

  /** Gives back what they take of memory. Whoever still asks is told `failed`. */
  release(): void {
    if (this.#place === null) return
    wasm.preparsePolicySet(this.#place, { staticPolicies: {} })
    places.free.push(this.#place)
    this.#place = null
  }

  /** About `execute`. Never throws: what cannot be evaluated is `failed`. */
  ask(question: CedarQuestion): CedarAnswer {
    if (this.#place === null) return FAILED
    try {
      return toAnswer(
        wasm.statefulIsAuthorized({
          principal: question.principal,
          action: { type: 'Action', id: 'execute' },
          resource: question.resource,
          context: question.context as Record<string, wasm.CedarValueJson>,
          entities: question.entities as unknown as wasm.EntityJson[],
          preparsedPolicySetId: this.#place,
          // We build the request ourselves, to the schema; a test holds us to it.
          validateRequest: false,
        }),
      )
    } catch {
      return FAILED
    }
  }
}

function toAnswer(answer: wasm.AuthorizationAnswer): CedarAnswer {
  if (answer.type === 'failure') return FAILED
  const { decision, diagnostics } = answer.response
  // Cedar skips a statement that errs, also a forbid.
  if (diagnostics.errors.length > 0) return FAILED
  return { allowed: decision === 'allow', determining: diagnostics.reason, failed: false }
}

/** Whether a request is what the schema says. Slow: for tests, of what is built for `ask`. */
export function fitsSchema(schema: string, question: CedarQuestion): boolean {
  const answer = wasm.isAuthorized({
    principal: question.principal,
    action: { type: 'Action', id: 'execute' },
    resource: question.resource,
    context: question.context as Record<string, wasm.CedarValueJson>,
    entities: question.entities as unknown as wasm.EntityJson[],
    policies: { staticPolicies: {} },
    schema,
    validateRequest: true,
  })
  return answer.type === 'success'
}
