import type { Limits } from './limits'
import type { ReviewSubject } from './review'

/** PostgreSQL keeps neither, and no page shows them: NUL, and half of a character. */
const UNSHOWABLE = /\0|\p{Surrogate}/u

/** Why nobody can approve this; null when somebody can. What is approved must be shown to the last byte. */
export function notApprovable(
  subject: ReviewSubject,
  { approvableBytes }: Pick<Limits, 'approvableBytes'>,
): string | null {
  const texts = [subject.text]
  for (const bind of subject.binds ?? []) {
    if (bind === null) continue
    if ('in' in bind) return 'a bound value is too long to be shown to whoever approves'
    texts.push('text' in bind ? bind.text : bind.base64)
  }
  if (texts.some((text) => UNSHOWABLE.test(text)))
    return 'it holds a character that cannot be shown to whoever approves'
  const bytes = texts.reduce((sum, text) => sum + utf8Bytes(text), 0)
  if (bytes > approvableBytes)
    return `it has ${bytes} bytes with its bound values; what has more than ${approvableBytes} is not shown to anybody for approval`
  return null
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length
}
