import type { Reading, StatementFacts } from '#lib/sql/statement-facts'
import type { Operation, Ruling } from '#proxy/core/ports'
import { estimable } from './estimate'
import { factsFor, type Known, type StatementText } from './inspect'
import { isReserved } from './reserved-names'
import { learn } from './session-learn'
import type { Portal } from './session-names'
import type { Outbox } from './session-outbox'
import type { SessionState } from './session-state'
import type { Step } from './session-step'

/** What a judged text may do once it is sent, and the ruling on it. */
export interface Judged {
  /** With all that it runs. */
  readonly facts: StatementFacts
  /** Of the text alone. */
  readonly own: StatementFacts
  readonly ruling: Ruling | Promise<Ruling>
}

/** Where names change all the time a command waits no longer for them to settle, and is judged by what its text says. */
const MOST_WAITS = 3

/** Before a command is judged: makes sure that what it means is known as well as it can be. */
export class Judge {
  /** How often the command at hand has waited for better knowledge. */
  #waited = 0

  constructor(
    private readonly state: SessionState,
    private readonly outbox: Outbox,
  ) {}

  /** Called before anything of a message is looked at that is to be judged. `done`: go on. */
  ready(): Step {
    return this.state.knowledge.mustLearn ? learn(this.state, this.outbox) : 'done'
  }

  /** What a text says by itself, as it is read at this moment. */
  read(text: StatementText): StatementFacts {
    const { factsOf, knowledge } = this.state
    return factsFor(text, factsOf, knowledge.reading)
  }

  /** The same of what was bound. Nothing, where the target may have something else under its name by now. */
  reread({ name, statement, certainAt }: Portal): StatementFacts {
    const { knowledge, factsOf } = this.state
    const { reading, codeRuns } = knowledge
    const certain =
      (name === '' || certainAt === codeRuns) && (statement.name === '' || statement.certainAt === codeRuns)
    if (!certain) return factsOf.unreadable(statement.text)
    if (statement.found.reading !== reading) {
      statement.found = { reading, facts: factsFor(statement, factsOf, reading) }
    }
    return statement.found.facts
  }

  /** Asks for a ruling; or what must happen first. `facts`: what the text says by itself. */
  judge(text: StatementText, own: StatementFacts, operation: (known: Known) => Operation): Judged | Step {
    const { state } = this
    // What it runs was perhaps made by something that is under way.
    if (own.runs !== null && state.queue.length > 0) return 'held'
    const facts = own.runs === null && own.unknownRelations.length === 0 ? own : this.#closer(text, own)
    const { state: meaning, relations } = state.knowledge
    const asked = operation({ facts, state: meaning, relations })
    const wait = this.#better(facts, asked)
    if (wait !== null) return wait.then(() => () => 'again')
    this.#waited = 0
    const ruling = state.gate.decide(this.#withEstimate(asked, text, facts), state.holds.held)
    return { facts, own, ruling }
  }

  /** Whoever approves it is told how many rows it would touch. */
  #withEstimate(operation: Operation, { text, encoding, types = [] }: StatementText, facts: StatementFacts): Operation {
    const { knowledge } = this.state
    const { searchPath, state } = knowledge
    if (operation.deferred || !estimable(facts)) return operation
    if (searchPath === null || state.role === null || encoding !== undefined) return operation
    const { binds: values = [] } = operation
    const { role } = state
    return { ...operation, estimate: () => this.state.estimate({ text, types, values, searchPath, role }) }
  }

  /** Judged with what it runs, where that is known; and a relation that a new snapshot has not is one that is not there. */
  #closer(text: StatementText, own: StatementFacts): StatementFacts {
    const { knowledge, catalog } = this.state
    const whole = this.#spelledOut(text, own)
    const facts = whole === text ? own : this.#factsFor(whole, knowledge.reading)
    const found = facts.facts.standing === 'unparsed' ? { text, facts: own } : { text: whole, facts }
    if (found.facts.unknownRelations.length === 0 || !catalog.isNew) return found.facts
    return this.#factsFor(found.text, knowledge.newest)
  }

  #spelledOut(text: StatementText, { runs }: StatementFacts): StatementText {
    if (runs === null || text.encoding !== undefined) return text
    const whole = this.state.sqlNames.spelledOut(text.text, runs)
    return whole === null ? text : { ...text, text: whole }
  }

  #factsFor(text: StatementText, reading: Reading): StatementFacts {
    return factsFor(text, this.state.factsOf, reading)
  }

  /** What is worth waiting for, since more will be known then. Where it would be allowed as it is, nobody waits long. */
  #better(facts: StatementFacts, operation: Operation): Promise<void> | null {
    const { knowledge, catalog, gate } = this.state
    const unread = knowledge.reading.catalog === null
    const doubtful = unread ? facts.facts.standing === 'opaque' : facts.unknownRelations.length > 0
    if (!doubtful || knowledge.uncommitted) return null
    const better = catalog.better(unread ? 'none' : 'this')
    if (better === null || this.#waited >= MOST_WAITS) return null
    if (!better.soon && gate.allows(operation)) return null
    this.#waited++
    return better.come()
  }
}

/** A name of a statement text that only the gateway may use; null when there is none. */
export function reservedName({ touches }: StatementFacts): string | null {
  if (touches === null) return null
  const { statements, portals } = touches
  const names = [...(statements === 'all' ? [] : statements), ...(portals === 'all' ? [] : portals)]
  return names.find(isReserved) ?? null
}
