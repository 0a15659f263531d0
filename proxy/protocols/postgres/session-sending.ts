import type { Permit, Ruling } from '#proxy/core/ports'
import { aftermathOf } from './aftermath'
import { STATE } from './codec/states'
import type { StatementText } from './inspect'
import { cancelledResponse, refusalResponse } from './refusal'
import type { Judged } from './session-judge'
import type { Outbox } from './session-outbox'
import type { PendingInput } from './session-pending'
import type { Refusals } from './session-refusals'
import type { SessionState } from './session-state'
import type { CommandFrame, ParkedBind, Step } from './session-step'

/** What is queued for a judged command. `text`: what it runs, where it runs anything. */
type Input = PendingInput & { readonly text?: StatementText }

/** Sends what was ruled about, or refuses it. */
export class Sending {
  constructor(
    private readonly state: SessionState,
    private readonly outbox: Outbox,
    private readonly refusals: Refusals,
  ) {}

  /** A message that needs no ruling. */
  plain({ buffer, start, end }: CommandFrame): 'done' {
    this.state.begun = this.state.segment
    this.outbox.add(buffer, start, end)
    return 'done'
  }

  /** A command; `parked`: the Bind that goes with it. */
  rule(judged: Judged, frame: CommandFrame, input: Input, parked: ParkedBind | null = null): Step {
    return this.#follow(judged.ruling, (ruling, cancelled) => {
      const answer = ruling.effect === 'deny' ? this.#refusal(ruling, cancelled) : null
      if (answer !== null)
        return input.state === STATE.query ? this.refusals.query(answer) : this.refusals.extended(answer)
      const permit = this.#permitOf(ruling)
      if (permit === null) return 'done'
      if (parked !== null) this.#bind(parked, null)
      this.#command(judged, frame, input, permit)
      return 'done'
    })
  }

  /** A Bind that goes alone. */
  ruleBind(judged: Judged, parked: ParkedBind): Step {
    return this.#follow(
      judged.ruling,
      (ruling, cancelled) => {
        if (ruling.effect === 'deny') return this.refusals.extended(this.#refusal(ruling, cancelled))
        const permit = this.#permitOf(ruling)
        if (permit === null) return 'done'
        this.outbox.permit(permit)
        this.#bind(parked, permit, judged)
        return 'done'
      },
      'again',
    )
  }

  #follow(
    ruling: Ruling | Promise<Ruling>,
    go: (ruling: Ruling, cancelled: boolean) => 'done',
    then: 'done' | 'again' = 'done',
  ): Step {
    if (!(ruling instanceof Promise)) return go(ruling, false)
    return this.state.holds.follow(ruling).then((given) => () => {
      go(given.ruling, given.cancelled)
      return then
    })
  }

  #refusal(ruling: Extract<Ruling, { effect: 'deny' }>, cancelled: boolean): Buffer {
    return cancelled ? cancelledResponse() : refusalResponse(ruling.denial, this.state.sessionUrl)
  }

  /** null: the target failed at something before while this was decided, and would skip it. */
  #permitOf(ruling: Ruling): Permit | null {
    if (ruling.effect === 'deny') return null
    if (!this.state.skipping) return ruling.permit
    this.state.gate.settle(ruling.permit, { status: 'skipped', rows: 0, statements: [] })
    return null
  }

  #bind({ portal, bind, describes }: ParkedBind, permit: Permit | null, judged?: Judged): void {
    const { queue, segment, knowledge } = this.state
    const after = judged && aftermathOf(judged.facts)
    const aftermath = after ? knowledge.sent(after) : null
    queue.push({ state: STATE.bind, segment, portal }, permit, { names: null, aftermath })
    portal.goesOn = permit
    this.plain(bind)
    for (const describe of describes) {
      queue.push({ state: STATE.describeColumns, segment, portal })
      this.plain(describe)
    }
  }

  #command({ facts, own }: Judged, frame: CommandFrame, input: Input, permit: Permit): void {
    const { state, outbox } = this
    const after = input.state === STATE.parse ? null : aftermathOf(facts)
    const aftermath = after === null ? null : state.knowledge.sent(after)
    const names = own.touches === null || input.text === undefined ? null : { text: input.text.text, facts: own }
    const pending = state.queue.push(input, permit, { names, aftermath })
    if (names !== null) state.touching++
    if (pending.runs !== null) pending.runs.running++
    pending.startedAt = state.gate.outOffset
    if (pending.state === STATE.parse && pending.statement !== null) {
      state.names.stageStatement(pending.statement, pending.segment)
    }
    outbox.permit(permit)
    outbox.add(frame.buffer, frame.start, frame.end)
    // A Query ends the segment: what it was part of is over once it is answered.
    state.begun = input.state === STATE.query ? 0 : state.segment
  }
}
