import { createHash } from 'node:crypto'
import type { ReviewSubject, StatementShape } from '../domain/review'
import { canonicalJson, type Json } from './canonical'

/** The one text that an approval is bound to, and its SHA-256. */
export function sealSubject(subject: ReviewSubject): { readonly text: string; readonly digest: Buffer } {
  const text = canonicalJson(subject as unknown as Json)
  return { text, digest: sha256(text) }
}

/** What a grant is bound to beside principal, run and connection version: the shape, and all that gives the names in it their meaning. */
export function grantDigest(subject: ReviewSubject, shape: StatementShape): Buffer {
  const { database, state } = subject
  return sha256(canonicalJson({ database, state, shape } as unknown as Json))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
