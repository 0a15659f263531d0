import { createHash } from 'node:crypto'
import { cutText } from '../../../domain/cut-text'
import type { OperationIntended } from '../../../domain/event'
import type { PolicyVerdict } from '../../../domain/policy'
import type { Principal } from '../../../domain/principal'
import type { HoldDemand } from '../../../domain/review'
import { iso } from '../../timestamps'
import type { DryRunGroup, DryRunResult, Effect } from './dry-run-items'

/** Bounds memory where policies tell very many principals and connections apart. */
const MOST_GROUPS = 20_000
const MOST_HELD_TEXTS = 500_000
const SHOWN_GROUPS = 200
const SAMPLES = 3
/** Among so many of a group different texts are looked for. */
const SAMPLED = 100
const SAMPLE_TEXT = 500
const DAY_MS = 24 * 60 * 60_000

interface Judged {
  readonly sessionId: string
  readonly principal: Principal
  readonly connection: string
  readonly at: number
  /** As it was decided then. */
  readonly before: Effect
  readonly verdict: PolicyVerdict
  /** The recorded intent, not parsed yet. */
  readonly line: string
}

/** Counts what policies would have said to recorded statements. */
export class Tally {
  readonly #groups = new Map<string, DryRunGroup>()
  readonly #policies = new Map<string, { policy: string; effect: Effect; statements: number }>()
  readonly #changes = new Map<string, { from: Effect; to: Effect; statements: number }>()
  /** When each held text was last asked about. */
  readonly #asked = new Map<string, number>()
  readonly #effects = { allow: 0, deny: 0, hold: 0 }
  #judged = 0
  #votes = 0
  #firstAt = Number.POSITIVE_INFINITY

  /** `reviewMs`: how long a review may wait. */
  constructor(private readonly reviewMs: number) {}

  add(judged: Judged): void {
    const { at, before, verdict } = judged
    this.#judged += 1
    this.#effects[verdict.effect] += 1
    this.#firstAt = Math.min(this.#firstAt, at)
    if (before !== verdict.effect) {
      const change = kept(this.#changes, `${before} ${verdict.effect}`, () => ({
        ...{ from: before, to: verdict.effect, statements: 0 },
      }))
      change.statements += 1
    }
    for (const policy of policiesOf(verdict))
      kept(this.#policies, `${verdict.effect} ${policy}`, () => ({
        policy,
        effect: verdict.effect,
        statements: 0,
      })).statements += 1
    if (verdict.effect === 'hold') this.#ask(judged, verdict.demands)
    this.#group(judged)
  }

  result(): Pick<DryRunResult, 'judged' | 'effects' | 'changes' | 'approvalsPerDay' | 'policies' | 'groups'> {
    const most = (a: { statements: number }, b: { statements: number }) => b.statements - a.statements
    return {
      judged: this.#judged,
      effects: { ...this.#effects },
      changes: [...this.#changes.values()].sort(most),
      approvalsPerDay: this.#votes,
      policies: [...this.#policies.values()].sort(most),
      groups: [...this.#groups.values()]
        .sort((a, b) => weight(b) - weight(a) || b.statements - a.statements)
        .slice(0, SHOWN_GROUPS),
    }
  }

  /** Days between the first judged statement and `to`; at least one. */
  daysUntil(to: number): number {
    return Math.max(1, (to - this.#firstAt) / DAY_MS || 1)
  }

  /** The identical statement within the life of a review joins it. */
  #ask({ principal, connection, at, line }: Judged, demands: readonly HoldDemand[]): void {
    const intent = JSON.parse(line) as OperationIntended
    const text = `${principal.id}\n${connection}\n${intent.text}\n${JSON.stringify(intent.binds ?? null)}`
    const key = createHash('sha256').update(text).digest('base64url').slice(0, 22)
    const last = this.#asked.get(key)
    if (last !== undefined && Math.abs(at - last) < this.reviewMs) return
    if (this.#asked.size < MOST_HELD_TEXTS) this.#asked.set(key, at)
    const quorums = new Map<string, number>()
    for (const { group, quorum } of demands) quorums.set(group, Math.max(quorum, quorums.get(group) ?? 0))
    for (const quorum of quorums.values()) this.#votes += quorum
  }

  #group({ sessionId, principal, connection, before, verdict, line }: Judged): void {
    const policies = policiesOf(verdict)
    const key = `${principal.id}\n${connection}\n${verdict.effect}\n${policies.join('\n')}`
    if (!this.#groups.has(key) && this.#groups.size >= MOST_GROUPS) return
    const { id, name, kind } = principal
    const group = kept(this.#groups, key, () => ({
      ...{ principal: { id, name, kind }, connection, effect: verdict.effect, policies: [...policies] },
      ...{ statements: 0, changed: 0, samples: [] },
    }))
    group.statements += 1
    if (before !== verdict.effect) group.changed += 1
    if (group.samples.length >= SAMPLES || group.statements > SAMPLED) return
    const intent = JSON.parse(line) as OperationIntended
    const text = cutText(intent.text, SAMPLE_TEXT)
    if (group.samples.some((sample) => sample.text === text)) return
    group.samples.push({
      ...{ sessionId, op: intent.op, at: iso(new Date(intent.at)), text, encoding: intent.encoding ?? 'utf8' },
      before,
    })
  }
}

function policiesOf(verdict: PolicyVerdict): readonly string[] {
  return verdict.effect === 'hold' ? [...new Set(verdict.demands.map(({ policy }) => policy))] : verdict.policies
}

/** What somebody who tries a policy looks for. */
function weight({ effect, changed }: DryRunGroup): number {
  return changed > 0 ? 2 : effect === 'allow' ? 0 : 1
}

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
