import { hash } from 'node:crypto'
import { canonicalJson, type Json } from '#lib/crypto/canonical'
import type { BoundValue } from '#lib/domain/event'
import { LIMITS } from '#lib/domain/limits'
import type { ReviewSubject, SessionState } from '#lib/domain/review'
import type { Operation, SessionHeader } from './ports'

const UNKNOWN_STATE: SessionState = { searchPath: null, role: null, sessionRole: null }

/** Everything an approval of `operation` is bound to; null when it is too long to be approved by somebody who has read it. */
export function reviewSubject(
  header: SessionHeader,
  operation: Operation,
): { readonly subject: ReviewSubject; readonly digest: string } | null {
  const { type, text, encoding, binds, formats, maxRows, state } = operation
  if (lengthOf(operation) > LIMITS.approvableBytes) return null
  const subject: ReviewSubject = {
    v: 1,
    principal: header.principal.id,
    human: header.onBehalfOf.id,
    run: header.run,
    connection: { id: header.connection.id, version: header.connection.version },
    database: header.target.database,
    type,
    text,
    ...(encoding && { encoding }),
    ...(binds && { binds: binds.map(boundValue) }),
    ...(formats && { formats }),
    ...(maxRows !== undefined && { maxRows }),
    state: state ?? UNKNOWN_STATE,
  }
  return { subject, digest: hash('sha256', canonicalJson(subject as unknown as Json), 'hex') }
}

function lengthOf({ text, binds = [] }: Operation): number {
  const bytes = (value: string | Uint8Array | null) =>
    value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : value.length
  return binds.reduce((sum, value) => sum + bytes(value), bytes(text))
}

function boundValue(value: string | Uint8Array | null): BoundValue {
  if (value === null) return null
  return typeof value === 'string' ? { text: value } : { base64: Buffer.from(value).toString('base64') }
}
