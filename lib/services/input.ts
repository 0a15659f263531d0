import type { z } from 'zod'
import { SallyportError } from '../domain/errors'

/** Checks an input against its schema. Throws `invalid_input` naming the first field that is wrong. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  const message = issue?.message ?? 'not valid'
  throw new SallyportError('invalid_input', field ? `${field}: ${message}` : message, field ? { field } : {})
}
