import { flushMessage, syncMessage, terminateMessage } from './codec/encode'
import { type Found, Framer, NOTHING, PIECE } from './codec/framer'
import { F, frontendFraming, readCopyFail } from './codec/frontend'
import { STATE } from './codec/states'
import { violation } from './codec/violation'
import { Commands } from './session-commands'
import { Outbox } from './session-outbox'
import type { FlowEvents, SessionState } from './session-state'
import type { Step } from './session-step'

/**
 * What a client may send behind a command that waits for people. So long its socket is read, and it is noticed when it goes away.
 */
const READ_WHILE_HELD = 1024 * 1024

export interface ClientEvents extends FlowEvents {
  /** The client said it wants no more, or just sends no more; the target was told. */
  terminated(how: 'client-closed' | 'client-lost'): void
  /** The client is gone, and the target cannot be told. */
  lost(): void
}

/**
 * The client's side of a session: reads its messages in order, has every command judged, and sends what may go. Nothing is read
 * past a message that waits: for a decision, for the target to answer what the message depends on, or for room.
 */
export class ClientFlow {
  readonly #state: SessionState
  readonly #events: ClientEvents
  readonly #framer: Framer
  readonly #outbox: Outbox
  readonly #commands: Commands
  /** The current message is to be handled (again) before the next one is read. */
  #held = false
  #found: Found = NOTHING
  /** Promises that are awaited. */
  #waits = 0
  /** The client sends no more: what it sent is still worked off. */
  #inputEnded = false
  #running = false
  /** Something came while it was running. */
  #again = false
  #paused = false
  #closed = false
  /** What becomes of the long CopyData message under way. */
  #pieces: 'none' | 'stream' | 'discard' | 'drop' = 'none'
  /** `copyIns` when the last command came; -1 once COPY data came for a command that was still under way. */
  #copyInsBefore = 0
  /** A Flush was sent for the message that is held. */
  #nudged = false

  constructor(state: SessionState, events: ClientEvents) {
    this.#state = state
    this.#events = events
    this.#framer = new Framer(frontendFraming(state.limits))
    this.#outbox = new Outbox(state.gate)
    this.#commands = new Commands(state, this.#outbox)
  }

  push(chunk: Buffer): void {
    if (this.#closed || this.#state.terminated) return
    this.#framer.push(chunk)
    this.run()
    this.#steerReading()
  }

  /** What is held waits for people now: the client is read on, so that it is noticed when it leaves. */
  watch(): void {
    this.#steerReading()
    if (this.#inputEnded) this.#state.holds.leave()
  }

  /** Nothing is read or sent any more. */
  close(): void {
    this.#closed = true
  }

  /** Goes on as far as possible. Called when bytes came and whenever the target answered. */
  run(): void {
    this.#again = true
    if (this.#running || this.#waits > 0 || this.#closed) return
    this.#running = true
    try {
      // What is sent may be answered before it is all sent.
      while (this.#again) {
        this.#again = false
        this.#loop()
      }
    } catch (error) {
      this.#events.fail(error)
    }
    this.#running = false
    this.#steerReading()
  }

  /** The client sends no more. What it sent counts, unless it waits for people; after it the target is told goodbye. */
  endInput(): void {
    this.#inputEnded = true
    this.#state.holds.leave()
    this.run()
  }

  /** Says goodbye to the target, unless that would land inside a message of which the rest never came. */
  #terminate(how: 'client-closed' | 'client-lost'): void {
    this.#state.terminated = true
    if (this.#pieces === 'stream' || this.#pieces === 'discard') {
      this.#events.lost()
      return
    }
    const message = terminateMessage()
    this.#outbox.add(message, 0, message.length)
    this.#events.terminated(how)
  }

  #loop(): void {
    while (this.#waits === 0 && !this.#closed && !this.#state.terminated) {
      if (this.#state.syncOwed && this.#pieces === 'none') this.#sync()
      if (!this.#held) this.#found = this.#framer.next()
      if (this.#found === NOTHING) {
        if (this.#inputEnded) this.#terminate('client-lost')
        break
      }
      this.#held = false
      const step = this.#handle()
      if (step === 'done') {
        this.#nudged = false
        continue
      }
      this.#held = true
      if (step === 'held') this.#nudge()
      else if (step !== 'asked') this.#await(step)
      break
    }
    this.#flush()
  }

  #handle(): Step {
    const framer = this.#framer
    const { type } = framer
    if (this.#commands.binds.waiting) {
      const step = this.#commands.binds.release(framer)
      if (step !== 'done') return step
    }
    if (this.#found === PIECE) return this.#piece()
    const copying = this.#state.queue.state
    if (copying === STATE.queryCopyIn || copying === STATE.executeCopyIn) return this.#duringCopy(type)
    if (type === F.copyData || type === F.copyDone || type === F.copyFail) return this.#strayCopy()
    if (type === F.sync) {
      this.#sync()
      return 'done'
    }
    if (type === F.terminate) return this.#goodbye()
    if (this.#state.skipping) return 'done'
    this.#copyInsBefore = this.#state.copyIns
    return this.#commands.handle(framer)
  }

  #goodbye(): Step {
    this.#terminate('client-closed')
    return 'done'
  }

  #sync(): void {
    const state = this.#state
    const message = syncMessage()
    this.#outbox.add(message, 0, message.length)
    state.syncOwed = false
    state.syncInCopy = false
    state.skipping = false
    state.queue.push({ state: STATE.sync, segment: state.segment })
    state.segment++
  }

  /** Messages while the target takes COPY data: data, its end, and two that mean nothing then. */
  #duringCopy(type: number): Step {
    const { buffer, start, end } = this.#framer
    const state = this.#state
    const head = state.queue.head
    if (type === F.flush) return 'done'
    if (type === F.terminate) return this.#goodbye()
    if (type === F.sync) {
      state.syncInCopy = true
      return 'done'
    }
    if (type !== F.copyData && type !== F.copyDone && type !== F.copyFail) {
      throw violation('The client sent a command while it was copying in')
    }
    if (type === F.copyFail) readCopyFail(buffer, start, end)
    if (head !== undefined && type !== F.copyData) {
      head.state = head.state === STATE.queryCopyIn ? STATE.queryCopyInEnded : STATE.executeCopyInEnded
    }
    this.#stream(buffer.subarray(start, end))
    return 'done'
  }

  /** COPY data outside of a copy: meant for one that failed (then it is dropped) or for one that is about to start. */
  #strayCopy(): Step {
    const { skipping, queue, copyIns } = this.#state
    if (skipping) return 'done'
    if (queue.length > 0) {
      this.#copyInsBefore = -1
      return 'held'
    }
    if (copyIns === this.#copyInsBefore) throw violation('The client sent COPY data outside of a COPY')
    return 'done'
  }

  #piece(): Step {
    const { buffer, start, end, offset, total } = this.#framer
    if (offset === 0) {
      const copying = this.#state.queue.state
      if (copying === STATE.queryCopyIn || copying === STATE.executeCopyIn) this.#pieces = 'stream'
      else if (this.#strayCopy() === 'held') return 'held'
      else this.#pieces = 'drop'
    }
    const bytes = buffer.subarray(start, end)
    const copying = this.#state.queue.state
    if (this.#pieces === 'stream' && copying !== STATE.queryCopyIn && copying !== STATE.executeCopyIn) {
      this.#pieces = 'discard'
    }
    if (this.#pieces === 'stream') this.#stream(bytes)
    // The copy failed meanwhile: the target still counts on the rest of the message, and ignores it.
    else if (this.#pieces === 'discard') this.#outbox.add(bytes, 0, bytes.length)
    if (offset + end - start === total) this.#pieces = 'none'
    return 'done'
  }

  #stream(bytes: Buffer): void {
    this.#flush()
    const permit = this.#state.queue.head?.permit
    if (permit) this.#wait(this.#state.gate.stream(permit, bytes))
  }

  /** What the held message waits for may sit in the target's buffers. */
  #nudge(): void {
    if (this.#nudged) return
    this.#nudged = true
    const message = flushMessage()
    this.#outbox.add(message, 0, message.length)
  }

  #await(step: Promise<() => 'done' | 'again'>): void {
    this.#waits++
    step.then(
      (go) => this.#ruled(go),
      (error: unknown) => this.#events.fail(error),
    )
  }

  /** A decision came: the held message is done with, or handled again. */
  #ruled(go: () => 'done' | 'again'): void {
    if (this.#closed) return
    this.#waits--
    this.#held = false
    try {
      this.#held = go() === 'again'
    } catch (error) {
      this.#events.fail(error)
    }
    this.run()
  }

  #flush(): void {
    this.#wait(this.#outbox.flush())
  }

  #wait(room: Promise<void> | undefined): void {
    if (room === undefined) return
    this.#waits++
    room.then(
      () => {
        this.#waits--
        this.run()
      },
      (error: unknown) => this.#events.fail(error),
    )
  }

  #steerReading(): void {
    const room = this.#state.holds.waiting && this.#framer.waiting < READ_WHILE_HELD
    const full = (this.#waits > 0 || this.#held) && !room
    if (full === this.#paused) return
    this.#paused = full
    if (full) this.#events.pause()
    else this.#events.resume()
  }
}
