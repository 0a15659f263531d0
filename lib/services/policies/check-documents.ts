import { SallyportError } from '../../domain/errors'
import type { PolicyDocument } from '../../domain/policy'
import type { PolicyProblem } from '../../policy/parse'
import { validatePolicies } from '../../policy/validate'

export const POLICY_LIMITS = { documents: 500, documentBytes: 64 * 1024, setBytes: 512 * 1024 } as const

/** Everything that is wrong with a set. Empty: it may be in force. */
export function findProblems(documents: readonly PolicyDocument[]): readonly PolicyProblem[] {
  const tooLarge = sizeProblems(documents)
  return tooLarge.length > 0 ? tooLarge : validatePolicies(documents)
}

/** Throws `invalid_input` for the first problem, naming document and line. */
export function checkDocuments(documents: readonly PolicyDocument[]): void {
  const [problem] = findProblems(documents)
  if (problem === undefined) return
  const { document, line, column, message } = problem
  const place = [document, line, column].filter((part) => part !== null).join(':')
  throw new SallyportError('invalid_input', `${place}: ${message}`, { field: 'text' })
}

function sizeProblems(documents: readonly PolicyDocument[]): PolicyProblem[] {
  const sizes = documents.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) }))
  const found = sizes
    .filter(({ bytes }) => bytes > POLICY_LIMITS.documentBytes)
    .map(({ name }) => problem(name, `a document may have ${POLICY_LIMITS.documentBytes} bytes at most`))
  const last = documents.at(-1)?.name ?? ''
  if (documents.length > POLICY_LIMITS.documents)
    found.push(problem(last, `there may be ${POLICY_LIMITS.documents} documents at most`))
  if (sizes.reduce((sum, { bytes }) => sum + bytes, 0) > POLICY_LIMITS.setBytes)
    found.push(problem(last, `all documents together may have ${POLICY_LIMITS.setBytes} bytes at most`))
  return found
}

function problem(document: string, message: string): PolicyProblem {
  return { document, line: null, column: null, message }
}
