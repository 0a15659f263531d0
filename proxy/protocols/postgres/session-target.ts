import {
  B,
  backendFraming,
  checkCopyResponse,
  checkNotification,
  checkParameterDescription,
  readCommandComplete,
  readParameterStatus,
  readReadyForQuery,
  rowsOfTag,
} from './codec/backend'
import { readDiagnostics } from './codec/diagnostics'
import { Framer, NOTHING, PIECE } from './codec/framer'
import { RowScanner, readDataRow, readRowDescription } from './codec/rows'
import { nextState, STATE, type State } from './codec/states'
import { violation } from './codec/violation'
import { Delivery } from './session-delivery'
import { OwnAnswers } from './session-own-answers'
import type { Pending } from './session-pending'
import { Settlements } from './session-settlements'
import type { FlowEvents, SessionState } from './session-state'

/** A result of more rows than this is long: what comes of it is gathered up to this many bytes, or this long. */
const LONG_ROWS = 256
const GATHER_BYTES = 224 * 1024
const GATHER_MS = 1

export interface TargetEvents extends FlowEvents {
  /** The target answered: what waited for that may go on. */
  answered(): void
}

/**
 * The target's side of a session: every message must answer what is asked next (see codec/states), is checked, recorded and
 * delivered. Operations are settled as soon as their last byte is delivered, and before a ReadyForQuery says so to the client.
 */
export class TargetFlow {
  /** Its last words were said: nothing but the end may follow. */
  over: string | null = null

  readonly #state: SessionState
  readonly #events: TargetEvents
  readonly #framer: Framer
  readonly #delivery: Delivery
  readonly #settlements: Settlements
  readonly #ownAnswers: OwnAnswers
  readonly #row = new RowScanner()
  /** Messages of our own that wait for the end of one of the target's. */
  #unsaid: Buffer[] = []
  #closed = false
  #paused = false
  #timer: NodeJS.Timeout | undefined

  constructor(state: SessionState, events: TargetEvents) {
    this.#state = state
    this.#events = events
    this.#framer = new Framer(backendFraming(state.limits))
    this.#delivery = new Delivery(state.gate)
    this.#settlements = new Settlements(state, this.#delivery)
    this.#ownAnswers = new OwnAnswers(state)
  }

  /** A message has been delivered in part: nothing of ours may come between. */
  get midMessage(): boolean {
    return this.#framer.underWay
  }

  push(chunk: Buffer): void {
    if (this.#closed) return
    this.#framer.push(chunk)
    try {
      this.#run()
    } catch (error) {
      this.#delivery.flush()
      this.#events.fail(error)
      return
    }
    if (this.#gathersOn()) this.#flushSoon()
    else this.#flushNow()
    this.#events.answered()
  }

  /** Gives the client a message of our own, between two of the target's. */
  say(message: Buffer): void {
    if (this.#closed) return
    if (this.#framer.underWay) this.#unsaid.push(message)
    else this.#delivery.add(message, 0, message.length)
    this.flush()
  }

  /** Hands on what was gathered. */
  flush(): void {
    if (!this.#closed) this.#delivery.flush()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /** In the middle of a long result there is more to come at once: what it costs to hand on is paid less often. */
  #gathersOn(): boolean {
    const { gathered } = this.#delivery
    const rows = this.#state.queue.head?.rows ?? 0
    return gathered > 0 && gathered < GATHER_BYTES && rows > LONG_ROWS && this.over === null
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.#flushNow(), GATHER_MS)
  }

  #flushNow(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.flush()
    this.#breathe()
  }

  #run(): void {
    const framer = this.#framer
    for (let found = framer.next(); found !== NOTHING; found = framer.next()) {
      if (found === PIECE) this.#piece()
      else this.#message(framer.type, framer.buffer, framer.start, framer.end)
      if (this.#unsaid.length > 0 && !framer.underWay) this.#sayNow()
    }
  }

  #sayNow(): void {
    for (const message of this.#unsaid.splice(0)) this.#delivery.add(message, 0, message.length)
  }

  /** Reads no more while the client's side is full. */
  #breathe(): void {
    const room = this.#delivery.takeRoom()
    if (room === undefined || this.#paused) return
    this.#paused = true
    this.#events.pause()
    room.then(
      () => {
        this.#paused = false
        if (!this.#closed) this.#events.resume()
      },
      (error: unknown) => this.#events.fail(error),
    )
  }

  #message(type: number, buffer: Buffer, start: number, end: number): void {
    if (this.over !== null) throw violation('the target went on after its last words')
    const head = this.#state.queue.head
    const own = head === undefined ? null : head.own
    if (own !== null && head !== undefined && !BESIDE.has(type)) {
      this.#ownAnswers.take(head, own, { type, buffer, start, end })
    } else if (type === B.dataRow) this.#dataRow(head, buffer, start, end)
    else if (type === B.notice || type === B.notification || type === B.parameterStatus) {
      this.#unasked(type, buffer, start, end)
    } else if (type === B.error) this.#error(head, buffer, start, end)
    else if (type === B.readyForQuery) this.#readyForQuery(head, buffer, start, end)
    else if (head === undefined) throw violation('the target answered what nobody asked')
    else this.#answer(head, type, buffer, start, end)
  }

  #dataRow(head: Pending | undefined, buffer: Buffer, start: number, end: number): void {
    const to = this.#step(head, B.dataRow)
    this.#countRow(head, readDataRow(buffer, start, end), to)
    this.#delivery.add(buffer, start, end)
  }

  #countRow(head: Pending | undefined, columns: number, to: State): void {
    if (head === undefined) throw violation('the target sent a row that nobody asked for')
    if (head.columns < 0) head.columns = columns
    else if (head.columns !== columns) throw violation('the target sent a row of the wrong width')
    head.rows++
    head.state = to
  }

  /** A long row, or long COPY data: checked as it passes. */
  #piece(): void {
    const { type, buffer, start, end, offset, total } = this.#framer
    const head = this.#state.queue.head
    if (this.over !== null) throw violation('the target went on after its last words')
    const to = this.#step(head, type)
    if (head?.own != null) {
      this.#ownAnswers.piece(head.own)
      head.state = to
      return
    }
    if (type === B.dataRow) {
      const from = offset === 0 ? start + 5 : start
      if (offset === 0) this.#row.begin(total - 5)
      this.#row.feed(buffer, from, end)
      if (offset + end - start === total) this.#countRow(head, this.#row.columns, to)
    } else if (head !== undefined) head.state = to
    this.#delivery.add(buffer, start, end)
  }

  #unasked(type: number, buffer: Buffer, start: number, end: number): void {
    if (type === B.notice) readDiagnostics(buffer, start, end)
    else if (type === B.notification) checkNotification(buffer, start, end)
    else {
      const [name, value] = readParameterStatus(buffer, start, end)
      const { parameters } = this.#state
      if (parameters.size >= MOST_PARAMETERS && !parameters.has(name))
        throw violation('the target has too many parameters')
      parameters.set(name, value)
    }
    this.#delivery.add(buffer, start, end)
  }

  #step(head: Pending | undefined, type: number): State {
    const to = nextState(head === undefined ? STATE.idle : head.state, type)
    if (to === STATE.refused) throw violation('the target answered out of turn')
    return to
  }

  #error(head: Pending | undefined, buffer: Buffer, start: number, end: number): void {
    const said = readDiagnostics(buffer, start, end)
    const { code, severity, message } = said
    if (said.fatal) {
      this.over = message
      this.#delivery.add(buffer, start, end)
      this.#settlements.failLast(head, { code, severity, message })
      return
    }
    const to = this.#step(head, B.error)
    if (head === undefined) throw violation('the target complained about what nobody asked')
    if (head.own !== null) {
      this.#ownAnswers.failed(head.own, { code, severity, message })
      return
    }
    if (head.answer !== null) {
      this.#settlements.refused(head)
      return
    }
    this.#delivery.add(buffer, start, end)
    if (to === STATE.done) this.#settlements.failed(head, { code, severity, message })
    else {
      head.state = to
      head.error ??= { code, severity, message }
    }
  }

  #readyForQuery(head: Pending | undefined, buffer: Buffer, start: number, end: number): void {
    const status = readReadyForQuery(buffer, start, end)
    const { queue, names, knowledge } = this.#state
    const to = nextState(head === undefined ? STATE.idle : head.state, B.readyForQuery)
    if (to === STATE.refused) {
      if (this.#state.looseSyncs === 0) throw violation('the target was ready out of turn')
      this.#state.looseSyncs--
    } else if (head !== undefined) {
      if (head.permit !== null) this.#settlements.finish(head, 'ok')
      queue.shift()
    }
    if (status === 'I') names.portals.clear()
    this.#state.transaction = status
    knowledge.ready(status)
    this.#delivery.add(buffer, start, end)
  }

  #answer(head: Pending, type: number, buffer: Buffer, start: number, end: number): void {
    const to = this.#step(head, type)
    this.#check(head, type, buffer, start, end)
    this.#delivery.add(buffer, start, end)
    head.state = to
    if (type === B.copyIn) {
      this.#state.looseSyncs += this.#state.queue.takeSyncs()
      this.#state.syncInCopy = false
    }
    if (to === STATE.done) this.#done(head, type)
  }

  /** What a message says must fit what was asked, and is remembered where it matters later. */
  #check(head: Pending, type: number, buffer: Buffer, start: number, end: number): void {
    switch (type) {
      case B.rowDescription:
        this.#layout(head, readRowDescription(buffer, start, end), start, buffer)
        return
      case B.commandComplete:
        this.#outcome(head, readCommandComplete(buffer, start, end))
        return
      case B.emptyQuery:
        this.#outcome(head, '')
        return
      case B.parameterDescription:
        checkParameterDescription(buffer, start, end)
        return
      case B.copyIn:
        this.#state.copyIns++
        checkCopyResponse(buffer, start, end)
        return
      case B.copyOut:
        checkCopyResponse(buffer, start, end)
    }
  }

  #outcome(head: Pending, tag: string): void {
    if (head.outcomes.length >= this.#state.limits.statementsPerMessage) {
      throw violation('the target answered more statements than were asked')
    }
    head.outcomes.push({ tag, rows: head.rows > 0 ? head.rows : rowsOfTag(tag) })
    head.rows = 0
    head.columns = -1
  }

  #layout(head: Pending, columns: number, start: number, buffer: Buffer): void {
    const at = this.#delivery.offsetOf(buffer, start)
    this.#settlements.lastLayoutAt = at
    head.columns = columns
    if (head.state !== STATE.describeColumns) return
    if (head.portal !== null) {
      head.portal.layoutAt = at
      head.portal.columns = columns
    } else if (head.statement !== null) head.statement.layoutAt = at
  }

  /** The exchange at the head is over, and well. */
  #done(head: Pending, type: number): void {
    const { queue, names, sqlNames } = this.#state
    queue.shift()
    if (type === B.parseComplete) {
      if (head.statement !== null) {
        names.statements.confirm(head.statement)
        sqlNames.forget('statement', head.statement.name)
      }
      this.#settlements.answered(head)
    } else if (type === B.bindComplete) {
      if (head.portal !== null) {
        names.portals.confirm(head.portal)
        sqlNames.forget('portal', head.portal.name)
      }
      this.#settlements.answered(head)
    } else if (type === B.closeComplete) this.#closeConfirmed(head)
    else if (head.permit !== null) {
      this.#state.looseSyncs = 0
      this.#settlements.finish(head, type === B.portalSuspended ? 'suspended' : 'ok')
    }
  }

  #closeConfirmed({ closes }: Pending): void {
    if (closes === null) return
    const { names, sqlNames } = this.#state
    names[closes.kind === 'statement' ? 'statements' : 'portals'].confirmClosed(closes.name)
    sqlNames.forget(closes.kind, closes.name)
  }
}

/** Messages that answer nothing, and errors, which may be the connection's last word. */
const BESIDE: ReadonlySet<number> = new Set([B.notice, B.notification, B.parameterStatus, B.error])

/** Far more than any server reports. */
const MOST_PARAMETERS = 1_000
