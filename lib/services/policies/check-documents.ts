import { SallyportError } from '../../domain/errors'
import type { PolicyDocument } from '../../domain/policy'

/** Something in a document that keeps the whole set from being saved. */
export interface PolicyProblem {
  readonly document: string
  /** From 1; null: the document as a whole. */
  readonly line: number | null
  readonly message: string
}

export const POLICY_LIMITS = { documents: 500, documentBytes: 64 * 1024, setBytes: 512 * 1024 } as const

/** Everything that is wrong with a set. Empty: it may be in force. */
export async function findProblems(documents: readonly PolicyDocument[]): Promise<readonly PolicyProblem[]> {
  return sizeProblems(documents)
}

/** Throws `invalid_input` for the first problem, naming document and line. */
export async function checkDocuments(documents: readonly PolicyDocument[]): Promise<void> {
  const [problem] = await findProblems(documents)
  if (problem === undefined) return
  const { document, line, message } = problem
  throw new SallyportError('invalid_input', `${document}${line === null ? '' : `:${line}`}: ${message}`, {
    field: 'text',
  })
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
  return { document, line: null, message }
}
