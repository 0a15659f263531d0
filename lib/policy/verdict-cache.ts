import { createHash } from 'node:crypto'
import type { PolicyVerdict } from '../domain/policy'
import type { PolicyOperation, PolicySession } from './request'
import { anyUsed, type ContextUses } from './uses'

/** Verdicts that one set keeps for all its sessions. */
const MOST = 20_000

/** Verdicts by all that they rest on, the oldest first out. */
export class VerdictCache {
  readonly #known = new Map<string, PolicyVerdict>()
  readonly #most: number

  constructor(most = MOST) {
    this.#most = most
  }

  find(key: string): PolicyVerdict | undefined {
    return this.#known.get(key)
  }

  keep(key: string, verdict: PolicyVerdict): void {
    if (this.#known.size >= this.#most) {
      const [oldest] = this.#known.keys()
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    this.#known.set(key, verdict)
  }

  clear(): void {
    this.#known.clear()
  }
}

/**
 * Verdicts of one session by the object that holds an operation's facts, which is the same for as long as the text and its meaning are:
 * a hot statement needs no key. Nothing is kept where the time, or who approved, counts.
 */
export class RecentVerdicts {
  readonly #known = new WeakMap<
    object,
    { operation: Pick<PolicyOperation, 'type' | 'names'>; verdict: PolicyVerdict }
  >()
  readonly #timeless: boolean

  constructor(uses: ContextUses) {
    this.#timeless = !anyUsed(uses, 'time') && !anyUsed(uses, 'hour') && !anyUsed(uses, 'weekday')
  }

  find({ facts, approvedBy, type, names }: PolicyOperation): PolicyVerdict | undefined {
    if (facts === null || approvedBy.length > 0) return undefined
    const known = this.#known.get(facts)
    return known?.operation.type === type && known.operation.names === names ? known.verdict : undefined
  }

  keep(operation: PolicyOperation, verdict: PolicyVerdict): void {
    const { facts, approvedBy, type, names } = operation
    if (this.#timeless && facts !== null && approvedBy.length === 0)
      this.#known.set(facts, { operation: { type, names }, verdict })
  }
}

/** All that verdicts over a session's operations rest on besides the operations: who, on what, and what else is looked at. */
export function sessionKey(
  { principal, onBehalfOf, connection, ...session }: PolicySession,
  uses: ContextUses,
): string {
  const { kind, id, name, email, groups } = principal
  const parts = [
    [kind, id, name, email, [...groups].sort()],
    [onBehalfOf.email, onBehalfOf.name],
    [connection.name, connection.protocol, Object.entries(connection.tags).sort(byName)],
    [session.database, session.targetUser],
    anyUsed(uses, 'client') && [session.client.address, session.client.application],
    anyUsed(uses, 'run') && session.run && [session.run.id, session.run.label],
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : 1)

/** All that a verdict rests on besides the session; null: it may be another one any moment. */
export function operationKey(operation: PolicyOperation, uses: ContextUses): string | null {
  if (anyUsed(uses, 'time')) return null
  const { facts, approvedBy, type, names, now } = operation
  const approved = approvedBy.length === 0 ? '' : JSON.stringify([...approvedBy].sort())
  const key = `${type}\n${facts?.key ?? ''}\n${approved}\n${names.key}`
  const moments = [anyUsed(uses, 'hour') && hourOf(now), anyUsed(uses, 'weekday') && dayOf(now)]
  return moments.some(Boolean) ? `${key}\n${moments.join('/')}` : key
}

const hourOf = (now: number) => `h${new Date(now).getUTCHours()}`
const dayOf = (now: number) => `d${new Date(now).getUTCDay()}`
