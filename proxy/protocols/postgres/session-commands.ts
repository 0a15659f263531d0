import type { Ruling } from '#proxy/core/ports'
import { readBind } from './codec/bind'
import { F, readExecute, readFunctionCall, readNamed, readParse, readQuery, statementTooLong } from './codec/frontend'
import { STATE } from './codec/states'
import { violation } from './codec/violation'
import { executeOperation, functionCallOperation, prepareOperation, queryOperation, readText } from './inspect'
import { refusalResponse, repeatedError, unsupportedResponse } from './refusal'
import { isReserved } from './reserved-names'
import { Binds } from './session-binds'
import { Judge, reservedName } from './session-judge'
import type { PreparedStatement } from './session-names'
import type { Outbox } from './session-outbox'
import { Refusals } from './session-refusals'
import { Sending } from './session-sending'
import type { SessionState } from './session-state'
import type { CommandFrame, Step } from './session-step'

/** More answers than this are not awaited at once: what comes then waits. */
const MOST_PENDING = 10_000
/** The same for what awaited answers keep in memory. */
const MOST_PENDING_BYTES = 16 * 1024 * 1024

/** Messages that are about something by its name. */
const NAMING: ReadonlySet<number> = new Set([F.bind, F.describe, F.execute])
/** Messages that are judged. */
const JUDGED: ReadonlySet<number> = new Set([F.query, F.parse, F.bind, F.execute])

/** One method a command: checks it, has it judged, and queues it for the target or refuses it. */
export class Commands {
  readonly binds: Binds
  readonly #judge: Judge
  readonly #refusals: Refusals
  readonly #sending: Sending

  constructor(
    private readonly state: SessionState,
    outbox: Outbox,
  ) {
    this.#judge = new Judge(state, outbox)
    this.#refusals = new Refusals(state, outbox)
    this.#sending = new Sending(state, outbox, this.#refusals)
    this.binds = new Binds(state, this.#judge, this.#sending)
  }

  /** Throws SallyportError for what may not be sent at all. */
  handle(frame: CommandFrame): Step {
    const { type } = frame
    const { queue, touching } = this.state
    if (queue.length >= MOST_PENDING || queue.weight >= MOST_PENDING_BYTES || (touching > 0 && NAMING.has(type)))
      return 'held'
    if (JUDGED.has(type)) {
      const step = this.#judge.ready()
      if (step !== 'done') return step
      if (this.state.ownFailure !== null) return this.#failAsOwn(frame)
    }
    switch (type) {
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
        return this.#sending.plain(frame)
      case F.functionCall:
        return this.#functionCall(frame)
      default:
        throw violation('The client sent a message of an unknown type')
    }
  }

  /** The question that was asked for this command failed, and the transaction with it: so does the command. */
  #failAsOwn({ type }: CommandFrame): 'done' {
    const failure = this.state.ownFailure
    this.state.ownFailure = null
    if (failure === null) return 'done'
    const answer = repeatedError(failure)
    return type === F.query ? this.#refusals.query(answer) : this.#refusals.extended(answer)
  }

  #query(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const [from, to] = readQuery(buffer, start, end)
    const text = readText(buffer, from, to)
    const read = this.#judge.read(text)
    const refused = this.#tooMany(read.statements) ?? reservedIn(reservedName(read))
    if (refused !== null) return this.#refusals.query(refused)
    const judged = this.#judge.judge(text, read, (known) => queryOperation(text, known))
    if (typeof judged !== 'object' || judged instanceof Promise) return judged
    return this.#sending.rule(judged, frame, { state: STATE.query, segment: this.state.segment, text })
  }

  #tooMany(statements: number): Buffer | null {
    const { statementsPerMessage } = this.state.limits
    if (statements <= statementsPerMessage) return null
    return unsupportedResponse('54000', `A message may have ${statementsPerMessage} statements`)
  }

  #parse(frame: CommandFrame): Step {
    const { buffer, start, end } = frame
    const { state } = this
    const { name, from, to, types } = readParse(buffer, start, end)
    if (name.length > LONGEST_NAME) return this.#refusals.extended(tooLong('prepared statement'))
    if (isReserved(name)) return this.#refusals.extended(reservedIn(name))
    if (to - from > state.limits.statementBytes) throw statementTooLong(state.limits.statementBytes)
    const full = state.names.fullOfStatements(name, to - from)
    if (full !== null) return this.#refusals.extended(unsupportedResponse('54000', full, 'Close some first.'))
    const text = readText(buffer, from, to)
    const { reading, codeRuns } = state.knowledge
    const found = { reading, facts: this.#judge.read({ ...text, types }) }
    const size = { bytes: to - from, layoutAt: undefined }
    const statement: PreparedStatement = { ...text, ...size, name, types, found, certainAt: codeRuns }
    const judged = this.#judge.judge(statement, found.facts, (known) => prepareOperation(statement, known))
    if (typeof judged !== 'object' || judged instanceof Promise) return judged
    return this.#sending.rule(judged, frame, { state: STATE.parse, segment: state.segment, statement })
  }

  #bind(frame: CommandFrame): Step {
    const { names, segment, knowledge } = this.state
    const bind = readBind(frame.buffer, frame.start, frame.end)
    const statement = names.statements.find(bind.statement, segment)
    if (statement === 'unsettled') return 'held'
    if (statement === 'unknown') return this.#refusals.extended(noSuch('26000', 'prepared statement', bind.statement))
    if (bind.portal.length > LONGEST_NAME) return this.#refusals.extended(tooLong('portal'))
    if (isReserved(bind.portal)) return this.#refusals.extended(reservedIn(bind.portal))
    const bytes = bind.values.length === 0 ? 0 : frame.end - frame.start
    const full = names.fullOfPortals(bind.portal, bytes)
    if (full !== null) return this.#refusals.extended(unsupportedResponse('54000', full, 'Close some first.'))
    const { portal: name, values, formats } = bind
    const unused = { layoutAt: undefined, columns: -1, running: 0, goesOn: null }
    const portal = { ...unused, name, statement, values, formats, bytes, certainAt: knowledge.codeRuns }
    names.stagePortal(portal, segment)
    this.binds.park(portal, frame)
    return 'done'
  }

  #describe(frame: CommandFrame): Step {
    const { names, segment, queue } = this.state
    const { kind, name } = readNamed(frame.buffer, frame.start, frame.end)
    if (kind === 'statement') {
      const statement = names.statements.find(name, segment)
      if (statement === 'unsettled') return 'held'
      queue.push({ state: STATE.describeStatement, segment, statement: statement === 'unknown' ? null : statement })
    } else {
      const portal = names.portals.find(name, segment)
      if (portal === 'unsettled') return 'held'
      // Whatever Bind waits here goes with this frame: otherwise it would have been released.
      if (this.binds.join(frame)) return 'done'
      queue.push({ state: STATE.describeColumns, segment, portal: portal === 'unknown' ? null : portal })
    }
    return this.#sending.plain(frame)
  }

  #execute(frame: CommandFrame): Step {
    const { names, segment } = this.state
    const { portal: name, maxRows } = readExecute(frame.buffer, frame.start, frame.end)
    const bound = this.binds.portal ?? names.portals.find(name, segment)
    if (bound === 'unsettled') return 'held'
    if (bound === 'unknown') return this.#refusals.extended(noSuch('34000', 'portal', name))
    // What this one goes on with is known once the one before it is answered.
    if (bound.running > 0) return 'held'
    const { goesOn, statement } = bound
    const judged = this.#judge.judge(statement, this.#judge.reread(bound), (known) =>
      executeOperation(bound, maxRows, goesOn, known),
    )
    if (typeof judged !== 'object' || judged instanceof Promise) return judged
    const input = { state: STATE.execute, segment, portal: bound, runs: bound, text: statement }
    return this.#sending.rule(judged, frame, input, this.binds.take())
  }

  #close(frame: CommandFrame): Step {
    const { names, segment, queue } = this.state
    const closes = readNamed(frame.buffer, frame.start, frame.end)
    if (closes.name.length > LONGEST_NAME) return this.#refusals.extended(tooLong(closes.kind))
    names[closes.kind === 'statement' ? 'statements' : 'portals'].stage(closes.name, null, segment)
    queue.push({ state: STATE.close, segment, closes })
    return this.#sending.plain(frame)
  }

  #functionCall(frame: CommandFrame): Step {
    const { gate, holds } = this.state
    const operation = functionCallOperation(readFunctionCall(frame.buffer, frame.start, frame.end))
    const ruling = gate.decide({ ...operation, deferred: true })
    if (ruling instanceof Promise) return holds.follow(ruling).then((given) => () => this.#refuseCall(given.ruling))
    return this.#refuseCall(ruling)
  }

  /** Whatever the ruling: nothing of it is sent. */
  #refuseCall(ruling: Ruling): 'done' {
    const denial = ruling.effect === 'deny' ? ruling.denial : null
    if (denial !== null && denial.kind !== 'denied')
      return this.#refusals.query(refusalResponse(denial, this.state.sessionUrl))
    // Also where a policy would refuse it: this is what helps whoever called.
    return this.#refusals.query(BY_NUMBER, ruling.effect === 'deny' ? null : ruling.permit)
  }
}

const BY_NUMBER = unsupportedResponse(
  '0A000',
  'function calls by number are not supported',
  'Call it by its name, with SELECT.',
)

/** Bytes of a name that a server looks at: two longer ones that begin alike are one to it, but two to the gateway. */
const LONGEST_NAME = 63

const tooLong = (kind: string) => unsupportedResponse('42622', `the name of a ${kind} may have ${LONGEST_NAME} bytes`)

function reservedIn(name: string): Buffer
function reservedIn(name: string | null): Buffer | null
function reservedIn(name: string | null): Buffer | null {
  return name === null
    ? null
    : unsupportedResponse('42939', `the name "${name}" is the gateway's own`, 'Use another one.')
}

function noSuch(code: string, kind: string, name: string): Buffer {
  const what = `${kind} "${Buffer.from(name, 'latin1').toString('utf8')}" does not exist`
  const hint =
    code === '26000' ? 'What SQL prepared is run with SQL: EXECUTE.' : 'What SQL declared is read with SQL: FETCH.'
  return unsupportedResponse(code, what, hint)
}
