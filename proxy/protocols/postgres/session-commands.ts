import type { Ruling } from '#proxy/core/ports'
import { readBind } from './codec/bind'
import { F, readExecute, readFunctionCall, readNamed, readParse, readQuery, statementTooLong } from './codec/frontend'
import { STATE } from './codec/states'
import { violation } from './codec/violation'
import {
  bindOperation,
  executeOperation,
  functionCallOperation,
  prepareOperation,
  queryOperation,
  readStatement,
} from './inspect'
import { refusalResponse, unsupportedResponse } from './refusal'
import { keptFrame, type ParkedBind } from './session-bind'
import type { PreparedStatement } from './session-names'
import type { Outbox } from './session-outbox'
import type { PendingInput } from './session-pending'
import { Refusals } from './session-refusals'
import type { SessionState } from './session-state'

/** The current message, whole. */
export interface CommandFrame {
  readonly type: number
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
}

/**
 * What handling a message came to: `done`; `held`, to be handled again once the target has answered more; or a decision that is
 * awaited, and what to do once it is there: after that the message is done with, or handled again.
 */
export type Step = 'done' | 'held' | Promise<() => 'done' | 'again'>

/** More answers than this are not awaited at once: what comes then waits. */
const MOST_PENDING = 10_000
/** The same for what awaited answers keep in memory. */
const MOST_PENDING_BYTES = 16 * 1024 * 1024

/** Messages that are about something by its name. */
const NAMING: ReadonlySet<number> = new Set([F.bind, F.describe, F.execute])

const TOO_MANY_STATEMENTS = (limit: number) => `A message may have ${limit} statements`

/** One method a command: checks it, has it judged, and queues it for the target or refuses it. */
export class Commands {
  readonly #refusals: Refusals
  #parked: ParkedBind | null = null

  constructor(
    private readonly state: SessionState,
    private readonly outbox: Outbox,
  ) {
    this.#refusals = new Refusals(state, outbox)
  }

  /** Throws SallyportError for what may not be sent at all. */
  handle(frame: CommandFrame): Step {
    const { queue, touching } = this.state
    if (queue.length >= MOST_PENDING || queue.weight >= MOST_PENDING_BYTES || (touching > 0 && NAMING.has(frame.type)))
      return 'held'
    switch (frame.type) {
      case F.query:
        return this.#query(frame)
      case F.parse:
        return this.#parse(frame)
      case F.bind:
        return this.#bind(frame)
      case F.describe:
        return this.#describe(frame)
      case F.execute:
        return this.#execute(frame)
      case F.close:
        return this.#close(frame)
      case F.flush:
        this.outbox.add(frame.buffer, frame.start, frame.end)
        return 'done'
      case F.functionCall:
        return this.#functionCall(frame)
      default:
        throw violation('The client sent a message of an unknown type')
    }
  }

  /** A Bind waits for what comes behind it. */
  get binding(): boolean {
    return this.#parked !== null
  }

  /** Called before `frame` is handled while a Bind waits: one that `frame` does not go with is judged and sent alone. */
  release(frame: CommandFrame): Step {
    const parked = this.#parked
    if (parked === null || this.#joins(parked, frame)) return 'done'
    this.#parked = null
    if (this.state.skipping || frame.type === F.terminate) return 'done'
    const ruling = this.state.gate.decide(bindOperation(parked.portal))
    if (!(ruling instanceof Promise)) return this.#bindRuled(ruling, parked)
    return ruling.then((ruled) => () => {
      this.#bindRuled(ruled, parked)
      return 'again'
    })
  }

  #joins({ portal: { name } }: ParkedBind, { type, buffer, start, end }: CommandFrame): boolean {
    if (type === F.execute) return readExecute(buffer, start, end).portal === name
    if (type !== F.describe) return false
    const described = readNamed(buffer, start, end)
    return described.kind === 'portal' && described.name === name
  }

  #bindRuled(ruling: Ruling, parked: ParkedBind): 'done' {
    const { state, outbox } = this
    if (ruling.effect === 'deny') return this.#refusals.extended(refusalResponse(ruling.denial, state.sessionUrl))
    if (state.skipping) {
      state.gate.settle(ruling.permit, { status: 'skipped', rows: 0, statements: [] })
      return 'done'
    }
    outbox.permit(ruling.permit)
    this.#sendBind(parked, ruling)
    return 'done'
  }

  #sendBind({ portal, bind, describes }: ParkedBind, ruling: Ruling | null): void {
    const { queue, segment } = this.state
    queue.push({ state: STATE.bind, segment, portal }, ruling?.effect === 'allow' ? ruling.permit : null)
    this.outbox.add(bind.buffer, bind.start, bind.end)
    for (const { buffer, start, end } of describes) {
      queue.push({ state: STATE.describeColumns, segment, portal })
      this.outbox.add(buffer, start, end)
    }
  }

  #query(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { state } = this
    const [from, to] = readQuery(buffer, start, end)
    const statement = readStatement(buffer, from, to, state.classify, this.#encodingSettled())
    if (statement.statements > state.limits.statementsPerMessage) {
      return this.#refusals.query(unsupportedResponse('54000', TOO_MANY_STATEMENTS(state.limits.statementsPerMessage)))
    }
    const pending = { state: STATE.query, segment: state.segment, touches: statement.touches }
    return this.#judge(state.gate.decide(queryOperation(statement)), frame, pending)
  }

  #parse(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { state } = this
    const { name, from, to } = readParse(buffer, start, end)
    if (name.length > LONGEST_NAME) return this.#refusals.extended(tooLong('prepared statement'))
    if (to - from > state.limits.statementBytes) throw statementTooLong(state.limits.statementBytes)
    const full = state.names.fullOfStatements(name, to - from)
    if (full !== null) return this.#refusals.extended(unsupportedResponse('54000', full, 'Close some first.'))
    const text = readStatement(buffer, from, to, state.classify, this.#encodingSettled())
    const statement: PreparedStatement = { ...text, name, bytes: to - from, layoutAt: undefined }
    const pending = { state: STATE.parse, segment: state.segment, statement }
    return this.#judge(state.gate.decide(prepareOperation(statement)), frame, pending)
  }

  #bind(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { names, segment } = this.state
    const bind = readBind(buffer, start, end)
    const statement = names.statements.find(bind.statement, segment)
    if (statement === 'unsettled') return 'held'
    if (statement === 'unknown') return this.#refusals.extended(noSuch('26000', 'prepared statement', bind.statement))
    if (bind.portal.length > LONGEST_NAME) return this.#refusals.extended(tooLong('portal'))
    const bytes = bind.values.length === 0 ? 0 : end - start
    const full = names.fullOfPortals(bind.portal, bytes)
    if (full !== null) return this.#refusals.extended(unsupportedResponse('54000', full, 'Close some first.'))
    const { portal: name, values, formats } = bind
    const portal = { name, statement, values, formats, bytes, layoutAt: undefined, columns: -1 }
    names.stagePortal(portal, segment)
    this.#parked = { portal, bind: keptFrame(frame), describes: [] }
    return 'done'
  }

  #describe(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { names, segment, queue } = this.state
    const { kind, name } = readNamed(buffer, start, end)
    if (kind === 'statement') {
      const statement = names.statements.find(name, segment)
      if (statement === 'unsettled') return 'held'
      queue.push({ state: STATE.describeStatement, segment, statement: statement === 'unknown' ? null : statement })
    } else {
      const portal = names.portals.find(name, segment)
      if (portal === 'unsettled') return 'held'
      // Whatever waits here joins this frame: otherwise it would have been released.
      if (this.#parked !== null) {
        this.#parked.describes.push(keptFrame(frame))
        return 'done'
      }
      queue.push({ state: STATE.describeColumns, segment, portal: portal === 'unknown' ? null : portal })
    }
    this.outbox.add(buffer, start, end)
    return 'done'
  }

  #execute(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { names, segment, gate } = this.state
    const { portal: name, maxRows } = readExecute(buffer, start, end)
    const portal = this.#parked?.portal ?? names.portals.find(name, segment)
    if (portal === 'unsettled') return 'held'
    if (portal === 'unknown') return this.#refusals.extended(noSuch('34000', 'portal', name))
    const pending = { state: STATE.execute, segment, portal, touches: portal.statement.touches }
    return this.#judge(gate.decide(executeOperation(portal, maxRows)), frame, pending)
  }

  #close(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { names, segment, queue } = this.state
    const closes = readNamed(buffer, start, end)
    if (closes.name.length > LONGEST_NAME) return this.#refusals.extended(tooLong(closes.kind))
    names[closes.kind === 'statement' ? 'statements' : 'portals'].stage(closes.name, null, segment)
    queue.push({ state: STATE.close, segment, closes })
    this.outbox.add(buffer, start, end)
    return 'done'
  }

  #functionCall(frame: CommandFrame): Step {
    const { gate } = this.state
    const ruling = gate.decide(functionCallOperation(readFunctionCall(frame.buffer, frame.start, frame.end)))
    if (ruling instanceof Promise) return ruling.then((ruled) => () => this.#refuseCall(ruled))
    return this.#refuseCall(ruling)
  }

  #refuseCall(ruling: Ruling): 'done' {
    if (ruling.effect === 'deny') return this.#refusals.query(refusalResponse(ruling.denial, this.state.sessionUrl))
    const answer = unsupportedResponse('0A000', 'function calls by number are not supported', 'Call it with SELECT.')
    return this.#refusals.query(answer, ruling.permit)
  }

  #judge(ruling: Ruling | Promise<Ruling>, frame: CommandFrame, pending: PendingInput): Step {
    if (ruling instanceof Promise) return ruling.then((ruled) => () => this.#ruled(ruled, frame, pending))
    return this.#ruled(ruling, frame, pending)
  }

  #ruled(ruling: Ruling, frame: CommandFrame, input: PendingInput): 'done' {
    const { state, outbox } = this
    const parked = input.state === STATE.execute ? this.#parked : null
    this.#parked = null
    if (ruling.effect === 'deny') {
      const answer = refusalResponse(ruling.denial, state.sessionUrl)
      return input.state === STATE.query ? this.#refusals.query(answer) : this.#refusals.extended(answer)
    }
    const { permit } = ruling
    if (state.skipping) {
      // The target failed at something before while this was decided: it would skip it.
      state.gate.settle(permit, { status: 'skipped', rows: 0, statements: [] })
      return 'done'
    }
    if (parked !== null) this.#sendBind(parked, null)
    const pending = state.queue.push(input, permit)
    if (pending.touches !== null) state.touching++
    pending.startedAt = state.gate.outOffset
    if (pending.state === STATE.parse && pending.statement !== null) {
      state.names.stageStatement(pending.statement, pending.segment)
    }
    outbox.permit(permit)
    outbox.add(frame.buffer, frame.start, frame.end)
    return 'done'
  }

  /** Bytes beyond ASCII are UTF-8 to the target, and nothing under way can change that. */
  #encodingSettled(): boolean {
    const { queue, parameters } = this.state
    return queue.length === 0 && parameters.get('client_encoding') === 'UTF8'
  }
}

/** Bytes of a name that a server looks at: two longer ones that begin alike are one to it, but two to the gateway. */
const LONGEST_NAME = 63

const tooLong = (kind: string) => unsupportedResponse('42622', `the name of a ${kind} may have ${LONGEST_NAME} bytes`)

function noSuch(code: string, kind: string, name: string): Buffer {
  const what = `${kind} "${Buffer.from(name, 'latin1').toString('utf8')}" does not exist`
  const hint =
    code === '26000' ? 'What SQL prepared is run with SQL: EXECUTE.' : 'What SQL declared is read with SQL: FETCH.'
  return unsupportedResponse(code, what, hint)
}
