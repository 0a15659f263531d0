import { denialText } from '#lib/domain/denial'
import type { Complaint } from './codec/encode'

const PROTOCOL_VIOLATION = '08P01'

/** Why a client is turned away before it has signed in. Its words are for the client; printable, without secrets. */
export class StartRefusal extends Error {
  readonly complaint: Complaint

  constructor(complaint: Complaint) {
    super(complaint.message)
    this.complaint = complaint
  }
}

/** `reason` becomes part of the words that a refused client reads in every protocol. */
export function refuseStart(code: string, reason: string, hint?: string): StartRefusal {
  const policy = code === PROTOCOL_VIOLATION ? 'protocol' : 'gateway'
  const message = denialText({ kind: 'denied', policy, reason: printable(reason) })
  return new StartRefusal({ severity: 'FATAL', code, message, hint })
}

/** Text of a peer made safe to show: one line, no control or formatting characters, at most 300 characters. */
export function printable(text: string): string {
  const clean = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean
}
