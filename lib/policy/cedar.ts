import * as wasm from '@cedar-policy/cedar-wasm/nodejs'

/** The few calls of Cedar (WASM) that are used, with its answers as values. Everything else of it stays behind this file. */

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

function problemOf({ message, help, sourceLocations }: DetailedError): CedarProblem {
  const [place] = sourceLocations ?? []
  const expected = place?.label ? ` (${place.label})` : ''
  return { message: `${message}${expected}${help ? `. ${help}` : ''}`, at: place?.start ?? null }
}

/** Cedar's JSON form of one statement, as far as it is looked at. */
export interface StatementTree {
  readonly effect: 'permit' | 'forbid'
  readonly resource: unknown
  readonly conditions: readonly { readonly kind: 'when' | 'unless'; readonly body: unknown }[]
  readonly annotations: Readonly<Record<string, string | null>>
}

/** Parses the text of one statement. */
export function parseStatement(text: string): StatementTree | CedarProblem {
  const answer = wasm.policyToJson(text)
  if (answer.type === 'failure') {
    const [error] = answer.errors
    return error === undefined ? { message: 'not a policy', at: null } : problemOf(error as DetailedError)
  }
  const { effect, resource, conditions, annotations = {} } = answer.json
  return { effect, resource, conditions, annotations: annotations as Record<string, string | null> }
}

/** Checks one statement strictly against a schema; offsets are into its text. */
export function checkStatement(schema: string, text: string): readonly CedarProblem[] {
  const policies = { staticPolicies: { statement: text } }
  const answer = wasm.validate({ schema, policies, validationSettings: { mode: 'strict' } })
  if (answer.type === 'failure') return answer.errors.map((error) => problemOf(error as DetailedError))
  return answer.validationErrors.map(({ error }) => {
    const problem = problemOf(error as DetailedError)
    return { ...problem, message: problem.message.replace('for policy `statement`, ', '') }
  })
}

/** Keeps a set of statements (id → text) ready under `name`, in the place of what was there. Throws when Cedar refuses it. */
export function prepare(name: string, statements: Readonly<Record<string, string>>): void {
  const answer = wasm.preparsePolicySet(name, { staticPolicies: { ...statements } })
  if (answer.type === 'failure') throw new Error(`Cedar refuses the policies: ${answer.errors[0]?.message ?? ''}`)
}

export interface CedarEntity {
  readonly uid: { readonly type: string; readonly id: string }
  readonly attrs: Readonly<Record<string, string>>
  readonly parents: readonly { readonly type: string; readonly id: string }[]
  readonly tags?: Readonly<Record<string, string>>
}

export interface CedarQuestion {
  readonly policies: string
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

/** Asks prepared policies about `execute`. Never throws: what cannot be evaluated is `failed`. */
export function ask(question: CedarQuestion): CedarAnswer {
  try {
    const answer = wasm.statefulIsAuthorized({
      principal: question.principal,
      action: { type: 'Action', id: 'execute' },
      resource: question.resource,
      context: question.context as Record<string, wasm.CedarValueJson>,
      entities: question.entities as unknown as wasm.EntityJson[],
      preparsedPolicySetId: question.policies,
      validateRequest: false,
    })
    if (answer.type === 'failure') return FAILED
    const { decision, diagnostics } = answer.response
    // Cedar skips a statement that errs, also a forbid.
    if (diagnostics.errors.length > 0) return FAILED
    return { allowed: decision === 'allow', determining: diagnostics.reason, failed: false }
  } catch {
    return FAILED
  }
}
