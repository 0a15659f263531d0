import type { Permit, Ruling } from '#proxy/core/ports'
import { readBind } from './codec/bind'
import { failingMessage, syncMessage } from './codec/encode'
import { F, readExecute, readFunctionCall, readNamed, readParse, readQuery, statementTooLong } from './codec/frontend'
import { STATE } from './codec/states'
import { violation } from './codec/violation'
import { executeOperation, functionCallOperation, prepareOperation, queryOperation, readStatement } from './inspect'
import { refusalResponse, unsupportedResponse } from './refusal'
import type { PreparedStatement } from './session-names'
import type { Outbox } from './session-outbox'
import type { PendingInput } from './session-pending'
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
 * awaited, and what to do once it is there.
 */
export type Step = 'done' | 'held' | Promise<() => void>

/** More answers than this are not awaited at once: what comes then waits. */
const MOST_PENDING = 10_000
/** The same for what awaited answers keep in memory. */
const MOST_PENDING_BYTES = 16 * 1024 * 1024

/** Messages that are about something by its name. */
const NAMING: ReadonlySet<number> = new Set([F.bind, F.describe, F.execute])

const TOO_MANY_STATEMENTS = (limit: number) => `A message may have ${limit} statements`

/** One method a command: checks it, has it judged, and queues it for the target or refuses it. */
export class Commands {
  constructor(
    private readonly state: SessionState,
    private readonly outbox: Outbox,
  ) {}

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

  #query(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { state } = this
    const [from, to] = readQuery(buffer, start, end)
    const statement = readStatement(buffer, from, to, state.classify, this.#encodingSettled())
    if (statement.statements > state.limits.statementsPerMessage) {
      return this.#refuseQuery(unsupportedResponse('54000', TOO_MANY_STATEMENTS(state.limits.statementsPerMessage)))
    }
    const pending = { state: STATE.query, segment: state.segment, touches: statement.touches }
    return this.#judge(state.gate.decide(queryOperation(statement)), frame, pending)
  }

  #parse(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { state } = this
    const { name, from, to } = readParse(buffer, start, end)
    if (name.length > LONGEST_NAME) return this.#refuse(tooLong('prepared statement'))
    if (to - from > state.limits.statementBytes) throw statementTooLong(state.limits.statementBytes)
    const full = state.names.fullOfStatements(name, to - from)
    if (full !== null) return this.#refuse(unsupportedResponse('54000', full, 'Close some first.'))
    const text = readStatement(buffer, from, to, state.classify, this.#encodingSettled())
    const statement: PreparedStatement = { ...text, name, bytes: to - from, layoutAt: undefined }
    const pending = { state: STATE.parse, segment: state.segment, statement }
    return this.#judge(state.gate.decide(prepareOperation(statement)), frame, pending)
  }

  #bind(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { names, segment, queue } = this.state
    const bind = readBind(buffer, start, end)
    const statement = names.statements.find(bind.statement, segment)
    if (statement === 'unsettled') return 'held'
    if (statement === 'unknown') return this.#refuse(noSuch('26000', 'prepared statement', bind.statement))
    if (bind.portal.length > LONGEST_NAME) return this.#refuse(tooLong('portal'))
    const bytes = bind.values.length === 0 ? 0 : end - start
    const full = names.fullOfPortals(bind.portal, bytes)
    if (full !== null) return this.#refuse(unsupportedResponse('54000', full, 'Close some first.'))
    const { portal: name, values, formats } = bind
    const portal = { name, statement, values, formats, bytes, layoutAt: undefined, columns: -1 }
    names.stagePortal(portal, segment)
    queue.push({ state: STATE.bind, segment, portal })
    this.outbox.add(buffer, start, end)
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
      queue.push({ state: STATE.describeColumns, segment, portal: portal === 'unknown' ? null : portal })
    }
    this.outbox.add(buffer, start, end)
    return 'done'
  }

  #execute(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { names, segment, gate } = this.state
    const { portal: name, maxRows } = readExecute(buffer, start, end)
    const portal = names.portals.find(name, segment)
    if (portal === 'unsettled') return 'held'
    if (portal === 'unknown') return this.#refuse(noSuch('34000', 'portal', name))
    const pending = { state: STATE.execute, segment, portal, touches: portal.statement.touches }
    return this.#judge(gate.decide(executeOperation(portal, maxRows)), frame, pending)
  }

  #close(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { names, segment, queue } = this.state
    const closes = readNamed(buffer, start, end)
    if (closes.name.length > LONGEST_NAME) return this.#refuse(tooLong(closes.kind))
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

  #refuseCall(ruling: Ruling): Step {
    if (ruling.effect === 'deny') return this.#refuseQuery(refusalResponse(ruling.denial, this.state.sessionUrl))
    const answer = unsupportedResponse('0A000', 'function calls by number are not supported', 'Call it with SELECT.')
    return this.#refuseQuery(answer, ruling.permit)
  }

  #judge(ruling: Ruling | Promise<Ruling>, frame: CommandFrame, pending: PendingInput): Step {
    if (ruling instanceof Promise) return ruling.then((ruled) => () => this.#ruled(ruled, frame, pending))
    return this.#ruled(ruling, frame, pending)
  }

  #ruled(ruling: Ruling, frame: CommandFrame, input: PendingInput): Step {
    const { state, outbox } = this
    if (ruling.effect === 'deny') {
      const answer = refusalResponse(ruling.denial, state.sessionUrl)
      return input.state === STATE.query ? this.#refuseQuery(answer) : this.#refuse(answer)
    }
    const { permit } = ruling
    if (state.skipping) {
      // The target failed at something before while this was decided: it would skip it.
      state.gate.settle(permit, { status: 'skipped', rows: 0, statements: [] })
      return 'done'
    }
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

  /**
   * Refuses a message of the extended protocol: the target is made to fail in its place, so that both it and the client are in the
   * state that an error leaves, and everything up to Sync is dropped.
   */
  #refuse(answer: Buffer): Step {
    const { state } = this
    if (state.skipping) return 'done'
    this.#fail(answer)
    state.skipping = true
    return 'done'
  }

  /** Refuses a Query or FunctionCall, which a ReadyForQuery follows. */
  #refuseQuery(answer: Buffer, permit: Permit | null = null): Step {
    const { state } = this
    if (state.skipping) {
      // The target failed at something before while this was decided: the client waits for a Sync of its own.
      if (permit) state.gate.settle(permit, { status: 'refused', rows: 0, statements: [] })
      return 'done'
    }
    this.#fail(answer, permit)
    const sync = syncMessage()
    this.outbox.add(sync, 0, sync.length)
    state.queue.push({ state: STATE.sync, segment: state.segment })
    state.segment++
    return 'done'
  }

  #fail(answer: Buffer, permit: Permit | null = null): void {
    const failing = failingMessage()
    this.outbox.add(failing, 0, failing.length)
    this.state.queue.push({ state: STATE.refusal, segment: this.state.segment, answer }, permit)
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
