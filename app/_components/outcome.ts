import { unstable_rethrow } from 'next/navigation'
import { type ErrorCode, toSallyportError } from '#lib/domain/errors'

/** What a server action answers: what it made, or why it did not, in words fit for the page. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly field: string | undefined }

/** Runs one verb for an action. What a verb refuses on purpose comes back as words; redirects of the framework pass through. */
export async function outcome<T>(verb: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await verb() }
  } catch (error) {
    unstable_rethrow(error)
    const { code, message, field } = toSallyportError(error)
    return { ok: false, code, message, field }
  }
}
