import { canonicalJson, type Json } from '#lib/crypto/canonical'
import type { BoundValue, Decision, OperationSettled, SessionClosed, SessionOpened } from '#lib/domain/event'
import type { Operation } from './ports'

/**
 * Canonical lines (RFC 8785) of the two events that every operation has, by template: keys stand here in code point order. The
 * rare events go through the general serializer. A test holds the templates to it.
 */

const decisionTexts = new WeakMap<Decision, string>()

function decisionText(decision: Decision): string {
  const known = decisionTexts.get(decision)
  if (known !== undefined) return known
  const { effect, policy, reason } = decision
  const text = canonicalJson({ effect, policy, reason })
  decisionTexts.set(decision, text)
  return text
}

/** What of an operation goes into its intent beside the operation itself. */
export interface IntentFacts {
  readonly at: number
  readonly seq: number
  readonly op: number
  readonly decision: Decision
  readonly binds: readonly BoundValue[] | undefined
}

export function intentLine(operation: Operation, facts: IntentFacts): string {
  const { encoding, formats, maxRows, portal, statement } = operation
  let line = `{"at":${facts.at},`
  if (facts.binds !== undefined) line += `"binds":${canonicalJson(facts.binds)},`
  line += `"decision":${decisionText(facts.decision)},"effect":"${operation.effect}",`
  if (encoding !== undefined) line += `"encoding":"${encoding}",`
  if (formats !== undefined) line += `"formats":[${formats.join(',')}],`
  line += '"kind":"operation.intent",'
  if (maxRows !== undefined) line += `"maxRows":${maxRows},`
  line += `"op":${facts.op},`
  if (portal !== undefined) line += `"portal":${JSON.stringify(portal)},`
  line += `"seq":${facts.seq},`
  if (statement !== undefined) line += `"statement":${JSON.stringify(statement)},`
  return `${line}"text":${JSON.stringify(operation.text)},"type":"${operation.type}","v":1}`
}

export function outcomeLine(event: Omit<OperationSettled, 'kind' | 'v'>): string {
  let line = `{"at":${event.at},`
  if (event.cut === true) line += '"cut":true,'
  line += `"durationUs":${event.durationUs},`
  if (event.error !== undefined) {
    const { code, message, severity } = event.error
    line += `"error":{"code":${JSON.stringify(code)},"message":${JSON.stringify(message)},"severity":${JSON.stringify(severity)}},`
  }
  if (event.in !== undefined) line += `"in":[${event.in[0]},${event.in[1]}],`
  if (event.inSha256 !== undefined) line += `"inSha256":"${event.inSha256}",`
  line += '"kind":"operation.outcome",'
  if (event.layoutAt !== undefined) line += `"layoutAt":${event.layoutAt},`
  line += `"op":${event.op},"out":[${event.out[0]},${event.out[1]}],"outSha256":"${event.outSha256}","rows":${event.rows},"seq":${event.seq},"statements":[`
  for (let i = 0; i < event.statements.length; i++) {
    const statement = event.statements[i]
    if (statement === undefined) continue
    line += `${i === 0 ? '' : ','}{"rows":${statement.rows},"tag":${JSON.stringify(statement.tag)}}`
  }
  return `${line}],"status":"${event.status}","v":1}`
}

export function sessionLine(event: SessionOpened | SessionClosed): string {
  return canonicalJson(event as unknown as Json)
}
