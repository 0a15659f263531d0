import { sealSubject } from '#lib/crypto/review-digest'
import { notApprovable } from '#lib/domain/approvable'
import type { BoundValue } from '#lib/domain/event'
import type { Limits } from '#lib/domain/limits'
import type { ReviewSubject, SessionState } from '#lib/domain/review'
import type { Operation, SessionHeader } from './ports'

const UNKNOWN_STATE: SessionState = { searchPath: null, role: null, sessionRole: null }

export interface HeldSubject {
  readonly subject: ReviewSubject
  /** SHA-256, in hex, of its canonical JSON. */
  readonly digest: string
}

/** Everything an approval of `operation` is bound to; words for the client when nobody could approve it. */
export function reviewSubject(
  header: SessionHeader,
  operation: Operation,
  limits: Pick<Limits, 'approvableBytes'>,
): HeldSubject | string {
  // Before anything is copied: no text has fewer bytes than characters.
  if (longest(operation) > limits.approvableBytes)
    return `it has more than ${limits.approvableBytes} bytes, and nobody can read and approve that`
  const subject = toSubject(header, operation)
  return notApprovable(subject, limits) ?? { subject, digest: sealSubject(subject).digest.toString('hex') }
}

function longest({ text, binds = [] }: Operation): number {
  return binds.reduce((most, value) => Math.max(most, value?.length ?? 0), text.length)
}

function toSubject(header: SessionHeader, operation: Operation): ReviewSubject {
  const { type, text, encoding, binds, formats, maxRows, state } = operation
  return {
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
}

function boundValue(value: string | Uint8Array | null): BoundValue {
  if (value === null) return null
  return typeof value === 'string' ? { text: value } : { base64: Buffer.from(value).toString('base64') }
}
