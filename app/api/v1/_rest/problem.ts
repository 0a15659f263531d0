import { logFailure } from '#lib/auth/failure-log'
import { toSallyportError } from '#lib/domain/errors'

/** An RFC 9457 problem document. `code` is stable; `detail` is fit for anybody's eyes; `field` names the input that is wrong. */
export function problem(thrown: unknown): Response {
  const error = toSallyportError(thrown)
  if (error.status >= 500) logFailure(error)
  const { status, title, code, field, message } = error
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="sallyport"'
  if (status === 429) headers['retry-after'] = '60'
  const body = { type: 'about:blank', title, status, detail: message, code, ...(field && { field }) }
  return new Response(JSON.stringify(body), { status, headers })
}
