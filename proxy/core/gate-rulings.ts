import type { Denial } from '#lib/domain/denial'
import type { CloseReason } from '#lib/domain/review'
import type { HeldOperation, Release } from './gate-hold'
import { deferred, denialOf, effectOf, givenUp, unapprovable } from './gate-hold-rules'
import { GateHolds } from './gate-holds'
import type { GateHost } from './gate-host'
import type { OperationLog } from './gate-operations'
import { givenBy, OperationPermit } from './gate-permit'
import type { SessionRecord } from './gate-record'
import type { SessionHold } from './hold-ports'
import type { Decide, Durability, Gate, HoldNotice, Operation, Ruling, SessionHeader, Verdict } from './ports'

const UNDECIDED: Verdict = {
  decision: { effect: 'deny', policy: 'sallyport', reason: 'The policy could not be evaluated.' },
}
const OWN: Verdict = {
  decision: { effect: 'allow', policy: 'sallyport', reason: 'The gateway asks what it must know to judge.' },
}
const ENDED: Denial = { kind: 'unavailable', reason: 'The session has ended.' }

/** What rulings need of the gate they are given in. */
interface RulingsGate {
  readonly ending: Gate['ending']
  /** Nothing new is taken any more. */
  readonly stopped: boolean
  /** Notes that something happened; the time, monotonic. */
  touch(): number
}

export interface RulingsParts {
  readonly gate: RulingsGate
  readonly header: SessionHeader
  readonly hold: SessionHold | null
  readonly decide: Decide
  readonly strict: boolean
  readonly host: GateHost
  readonly record: SessionRecord
  readonly log: OperationLog
}

interface Intention {
  readonly durability: Durability
  /** Monotonic. */
  readonly now: number
  readonly own: boolean
}

type Held = ((notice: HoldNotice) => void) | undefined

/** Which operations of one session may go on: each is judged, its intent recorded, and held where it must be. */
export class Rulings {
  /** Operations under way: allowed and not settled, or held. */
  readonly open = new Set<OperationPermit>()
  /** The gateway's own that are under way. */
  readonly openOwn = new Set<OperationPermit>()
  readonly #parts: RulingsParts
  readonly #holds: GateHolds
  #operations = 0
  #deciding: Promise<unknown> | null = null

  constructor(parts: RulingsParts) {
    this.#parts = parts
    this.#holds = new GateHolds({ ...parts, judge: (operation, approvedBy) => this.#judge(operation, approvedBy) })
  }

  get operations(): number {
    return this.#operations
  }

  /** Whether one of them waits for people. */
  get waiting(): boolean {
    return this.#holds.waiting
  }

  decide(operation: Operation, held: Held): Ruling | Promise<Ruling> {
    const approvedBy = this.#approvedBefore(operation)
    if (this.#deciding !== null) {
      const verdict = this.#deciding.then(() => this.#judge(operation, approvedBy))
      return this.#inTurn(verdict.then((known) => this.#rule(operation, known, held)))
    }
    const verdict = this.#judge(operation, approvedBy)
    if (verdict instanceof Promise) return this.#inTurn(verdict.then((known) => this.#rule(operation, known, held)))
    const ruling = this.#rule(operation, verdict, held)
    return ruling instanceof Promise ? this.#inTurn(ruling) : ruling
  }

  allows(operation: Operation): boolean {
    const verdict = this.#judge(operation, this.#approvedBefore(operation))
    return !(verdict instanceof Promise) && effectOf(verdict) === 'allow'
  }

  /** The gateway's own operation, recorded. null when nothing may be sent. */
  own(operation: Operation): OperationPermit | null {
    const { gate, host, strict } = this.#parts
    if (gate.stopped || host.refusal(strict ? 'strict' : 'standard') !== null) return null
    const standard = operation.effect === 'read' ? 'appended' : 'synced'
    const permit = this.#intend(operation, OWN, { durability: standard, now: gate.touch(), own: true })
    this.openOwn.add(permit)
    return permit
  }

  get allOpen(): readonly OperationPermit[] {
    return [...this.open, ...this.openOwn]
  }

  /** It was settled. */
  close(permit: OperationPermit): void {
    const open = permit.own ? this.openOwn : this.open
    open.delete(permit)
  }

  /** Gives up what is held, if anything is. */
  abandon(why: CloseReason): void {
    this.#holds.abandon(why)
  }

  /** Nothing can be recorded any more. */
  shut(): void {
    this.#holds.shut()
  }

  /** Groups that approved what `operation` goes on with. */
  #approvedBefore({ continues }: Operation): readonly string[] | undefined {
    return continues && givenBy(this.#parts.gate, continues).approvedBy
  }

  #judge(operation: Operation, approvedBy?: readonly string[]): Verdict | Promise<Verdict> {
    try {
      const verdict = this.#parts.decide(operation, approvedBy)
      return verdict instanceof Promise ? verdict.catch(() => UNDECIDED) : verdict
    } catch {
      return UNDECIDED
    }
  }

  /** Rulings are given in the order they were asked for. */
  #inTurn(ruling: Promise<Ruling>): Promise<Ruling> {
    this.#deciding = ruling
    const done = () => {
      if (this.#deciding === ruling) this.#deciding = null
    }
    ruling.then(done, done)
    return ruling
  }

  #rule(operation: Operation, verdict: Verdict, held: Held): Ruling | Promise<Ruling> {
    const { gate, host, strict, record } = this.#parts
    const now = gate.touch()
    if (gate.stopped) return { effect: 'deny', denial: gate.ending?.denial ?? ENDED }
    const refusal = host.refusal(strict ? 'strict' : 'standard')
    if (refusal !== null) return this.#refuseWhileAway(operation, refusal, now)
    if (this.open.size === 0) record.skipRange('out')
    switch (effectOf(verdict)) {
      case 'allow':
        return this.#allow(operation, verdict, now)
      case 'hold':
        if (operation.deferred) return this.#allow(operation, deferred(verdict), now)
        return this.#hold(operation, verdict, held, now)
      case 'deny':
        return this.#deny(operation, verdict, now)
    }
  }

  #allow(operation: Operation, verdict: Verdict, now: number): Ruling {
    const durability = operation.effect === 'read' ? 'appended' : 'synced'
    const permit = this.#intend(operation, verdict, { durability, now, own: false })
    this.open.add(permit)
    // Whoever approved what it goes on with has approved it, and so what goes on with it.
    if (operation.continues) permit.approvedBy = this.#approvedBefore(operation) ?? []
    return { effect: 'allow', permit: permit.asPermit() }
  }

  #intend(operation: Operation, verdict: Verdict, { durability, now, own }: Intention): OperationPermit {
    const { gate, log, strict } = this.#parts
    const permit = new OperationPermit(gate, ++this.#operations, strict ? 'committed' : durability, now, own)
    log.intent(operation, verdict, permit)
    return permit
  }

  #deny(operation: Operation, verdict: Verdict, now: number): Ruling {
    const { decision } = verdict
    const denied: Verdict =
      decision.effect === 'deny' ? verdict : { ...verdict, decision: { ...decision, effect: 'deny' } }
    const permit = this.#intend(operation, denied, { durability: 'appended', now, own: false })
    this.#parts.log.refusal(permit, 'refused', now, this.open.size)
    return { effect: 'deny', denial: denialOf(denied) }
  }

  /** The spool takes no more commands; the refusal itself is recorded while there is room for it. */
  #refuseWhileAway(operation: Operation, reason: string, now: number): Ruling {
    const denial: Denial = { kind: 'unavailable', reason }
    if (!this.#parts.host.roomForRefusals) return { effect: 'deny', denial }
    return this.#deny(operation, { decision: { effect: 'deny', policy: 'recording', reason }, denial }, now)
  }

  #hold(operation: Operation, verdict: Verdict, held: Held, now: number): Ruling | Promise<Ruling> {
    const start = this.#holds.prepare(operation, held)
    if (typeof start === 'string') return this.#deny(operation, unapprovable(verdict, start), now)
    const permit = this.#intend(operation, verdict, { durability: 'synced', now, own: false })
    this.open.add(permit)
    const waiting = start(verdict, permit)
    return waiting.run().then((release) => this.#release(permit, waiting, release))
  }

  /** The ruling on what was held. It may have been given up since it was released. */
  #release(permit: OperationPermit, { gone }: HeldOperation, release: Release): Ruling {
    const { gate, log } = this.#parts
    this.#holds.done()
    if (gate.stopped) return { effect: 'deny', denial: gate.ending?.denial ?? ENDED }
    const now = gate.touch()
    if (release.effect === 'allow' && gone === null) {
      permit.startedMs = now
      return { effect: 'allow', permit: permit.asPermit() }
    }
    this.open.delete(permit)
    log.refusal(permit, gone === null ? 'refused' : 'cancelled', now, this.open.size)
    return release.effect === 'deny' ? release : { effect: 'deny', denial: givenUp(gone ?? 'session-ended') }
  }
}
