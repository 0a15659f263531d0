import type { OperationIntended, OperationType } from '../../../domain/event'

/** What of a recorded intent decides about it. */
export interface IntentParts {
  readonly at: number
  readonly type: OperationType
  /** As it was decided then. */
  readonly before: OperationIntended['decision']['effect']
  /** JSON of its facts; null: they were not recorded. */
  readonly facts: string | null
}

/**
 * Cuts these parts out of a line of canonical JSON, at a tenth of what parsing it costs. Keys stand in order, and quotes inside of
 * texts are escaped, so that `,"kind":"operation.intent"` and the others can only be what they look like. null: not an intent, or
 * one that no policy is asked about: the gateway's own, and what goes on with an operation that was judged.
 */
export function cutIntent(line: string): IntentParts | null {
  const end = line.indexOf(',"kind":"operation.intent"')
  if (end === -1 || line.includes(',"own":true') || line.includes(',"continues":')) return null
  return {
    at: Number.parseInt(line.slice(after(line, '"at":')), 10),
    type: textAt(line, line.lastIndexOf('"type":"') + 8) as OperationType,
    before: textAt(line, after(line, '"decision":{"effect":"')) as IntentParts['before'],
    facts: factsIn(line, end),
  }
}

function factsIn(line: string, end: number): string | null {
  const start = line.indexOf(',"facts":{')
  if (start === -1 || start > end) return null
  const formats = line.indexOf(',"formats":[', start)
  return line.slice(start + 9, formats === -1 || formats > end ? end : formats)
}

function after(line: string, key: string): number {
  return line.indexOf(key) + key.length
}

function textAt(line: string, start: number): string {
  return line.slice(start, line.indexOf('"', start))
}
