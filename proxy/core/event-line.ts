import { canonicalJson, type Json } from '#lib/crypto/canonical'
import type {
  BoundValue,
  OperationHeld,
  OperationReviewed,
  OperationSettled,
  SessionClosed,
  SessionOpened,
} from '#lib/domain/event'
import type { ReviewOutcome } from './hold-ports'
import type { Operation, Verdict } from './ports'

/**
 * Canonical lines (RFC 8785) of the two events that every operation has, by template: keys stand here in code point order, and facts
 * come as the text that was made once. The rare events go through the general serializer. A test holds the templates to it.
 */

/** What a verdict adds to its intents: before `at`, at `decision` and at `policies`. Verdicts are made once and given many times. */
interface VerdictTexts {
  readonly alerts: string
  readonly decision: string
  readonly policies: string
}
const verdictTexts = new WeakMap<Verdict, VerdictTexts>()

function textsOf(verdict: Verdict): VerdictTexts {
  const known = verdictTexts.get(verdict)
  if (known !== undefined) return known
  const { alerts = [], policies } = verdict
  const { effect, policy, reason } = verdict.decision
  const texts = {
    alerts: alerts.length === 0 ? '' : `"alerts":${canonicalJson(alerts as unknown as Json)},`,
    decision: canonicalJson({ effect, policy, reason }),
    policies: policies === undefined ? '' : `"policies":${policies},`,
  }
  verdictTexts.set(verdict, texts)
  return texts
}

/** What of an operation goes into its intent beside the operation itself. */
export interface IntentFacts {
  readonly at: number
  readonly seq: number
  readonly op: number
  /** The gateway itself asks. */
  readonly own: boolean
  readonly verdict: Verdict
  readonly binds: readonly BoundValue[] | undefined
}

export function intentLine(operation: Operation, intent: IntentFacts): string {
  const { continues, encoding, facts, formats, maxRows, portal, statement } = operation
  const { alerts, decision, policies } = textsOf(intent.verdict)
  let line = `{${alerts}"at":${intent.at},`
  if (intent.binds !== undefined) line += `"binds":${canonicalJson(intent.binds)},`
  if (continues !== undefined) line += `"continues":${continues.op},`
  line += `"decision":${decision},"effect":"${operation.effect}",`
  if (encoding !== undefined) line += `"encoding":"${encoding}",`
  if (facts !== null) line += `"facts":${facts.json},`
  if (formats !== undefined) line += `"formats":[${formats.join(',')}],`
  line += '"kind":"operation.intent",'
  if (maxRows !== undefined) line += `"maxRows":${maxRows},`
  line += `"op":${intent.op},${intent.own ? '"own":true,' : ''}${policies}`
  if (portal !== undefined) line += `"portal":${JSON.stringify(portal)},`
  line += `"seq":${intent.seq},`
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

export function heldLine(event: Omit<OperationHeld, 'kind' | 'v'>): string {
  return canonicalJson({ ...event, v: 1, kind: 'operation.held' } as unknown as Json)
}

interface Reviewed extends Pick<OperationReviewed, 'at' | 'seq' | 'op' | 'review' | 'waitedMs'> {
  readonly outcome: ReviewOutcome | null
  readonly verdict: Verdict
}

export function reviewedLine({ outcome, verdict, ...where }: Reviewed): string {
  const event: OperationReviewed = {
    ...where,
    v: 1,
    kind: 'operation.reviewed',
    outcome: outcome?.state ?? null,
    approvals: outcome?.state === 'approved' ? outcome.approvals : [],
    ...(outcome?.state === 'approved' && { scope: outcome.scope }),
    ...(outcome !== null && 'reason' in outcome && { reason: outcome.reason }),
    decision: verdict.decision,
    ...(verdict.policies !== undefined && { policies: verdict.policies }),
  }
  return canonicalJson(event as unknown as Json)
}

export function sessionLine(event: SessionOpened | SessionClosed): string {
  return canonicalJson(event as unknown as Json)
}
