import { F, readExecute, readNamed } from './codec/frontend'
import { bindOperation } from './inspect'
import type { Judge } from './session-judge'
import type { Portal } from './session-names'
import type { Sending } from './session-sending'
import type { SessionState } from './session-state'
import type { CommandFrame, ParkedBind, Step } from './session-step'

/** Lets each Bind wait for its Execute, so that its values reach the target when they are judged and on record. */
export class Binds {
  #parked: ParkedBind | null = null

  constructor(
    private readonly state: SessionState,
    private readonly judge: Judge,
    private readonly sending: Sending,
  ) {}

  /** A Bind waits for what comes behind it. */
  get waiting(): boolean {
    return this.#parked !== null
  }

  /** Of the Bind that waits. */
  get portal(): Portal | null {
    return this.#parked?.portal ?? null
  }

  park(portal: Portal, frame: CommandFrame): void {
    this.#parked = { portal, bind: kept(frame), describes: [] }
  }

  /** A Describe of the portal waits with its Bind, if one waits. */
  join(frame: CommandFrame): boolean {
    this.#parked?.describes.push(kept(frame))
    return this.#parked !== null
  }

  /** Its Execute was ruled about: it goes the same way. */
  take(): ParkedBind | null {
    const parked = this.#parked
    this.#parked = null
    return parked
  }

  /** Called before `frame` is handled while a Bind waits: one that `frame` does not go with is judged and sent alone. */
  release(frame: CommandFrame): Step {
    const parked = this.#parked
    if (parked === null || joins(parked, frame)) return 'done'
    if (this.state.skipping || frame.type === F.terminate) {
      this.#parked = null
      return 'done'
    }
    const { portal } = parked
    const judged = this.judge.judge(portal.statement, this.judge.reread(portal), (known) =>
      bindOperation(portal, known),
    )
    if (typeof judged !== 'object' || judged instanceof Promise) return judged
    this.#parked = null
    return this.sending.ruleBind(judged, parked)
  }
}

function joins({ portal: { name } }: ParkedBind, { type, buffer, start, end }: CommandFrame): boolean {
  if (type === F.execute) return readExecute(buffer, start, end).portal === name
  if (type !== F.describe) return false
  const described = readNamed(buffer, start, end)
  return described.kind === 'portal' && described.name === name
}

/** Frames are handed out one at a time, and overwritten: what is kept must be a copy. Its bytes stay as they are. */
function kept({ type, buffer, start, end }: CommandFrame): CommandFrame {
  return { type, buffer, start, end }
}
