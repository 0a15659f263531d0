import type { z } from 'zod'
import { SallyportError } from '../domain/errors'

/** Checks an input against its schema. Throws `invalid_input` naming the first field that is wrong. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(issue?.path ?? [], issue?.message ?? 'not valid')
  }
  const unfit = findUnfit(parsed.data, [])
  if (unfit !== null) throw invalid(unfit, 'has a character that is no text (NUL, or half of a character)')
  return parsed.data
}

/** PostgreSQL keeps neither: not in text, not in JSON. */
const UNFIT = /\0|\p{Surrogate}/u

/** Where in an input a text is that no store can keep; null when there is none. */
function findUnfit(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | null {
  if (typeof value === 'string') return UNFIT.test(value) ? path : null
  if (value === null || typeof value !== 'object' || value instanceof Date) return null
  for (const [key, member] of Object.entries(value)) {
    if (UNFIT.test(key)) return path
    const found = findUnfit(member, [...path, key])
    if (found !== null) return found
  }
  return null
}

function invalid(path: readonly PropertyKey[], message: string): SallyportError {
  const field = path.map(String).join('.')
  return new SallyportError('invalid_input', field ? `${field}: ${message}` : message, field ? { field } : {})
}
