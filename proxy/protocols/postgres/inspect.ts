import { isAscii, isUtf8 } from 'node:buffer'
import type { SessionState as Meaning } from '#lib/domain/review'
import type { KnownRelations } from '#lib/policy/name-space'
import type { FactsOf } from '#lib/sql/facts'
import type { Reading, StatementFacts } from '#lib/sql/statement-facts'
import type { Operation, Permit } from '#proxy/core/ports'
import { anyDefined } from './defined-types'
import type { Portal, PreparedStatement } from './session-names'

/** A statement text out of a message. */
export interface StatementText {
  /** Base64 where its bytes are no UTF-8. */
  readonly text: string
  readonly encoding: 'base64' | undefined
  /** Object ids of its parameters' types, as far as a Parse gave them. */
  readonly types?: readonly number[]
}

export function readText(buffer: Buffer, from: number, to: number): StatementText {
  const bytes = buffer.subarray(from, to)
  if (isAscii(bytes)) return { text: buffer.toString('latin1', from, to), encoding: undefined }
  if (isUtf8(bytes)) return { text: buffer.toString('utf8', from, to), encoding: undefined }
  return { text: bytes.toString('base64'), encoding: 'base64' }
}

/** What is known of a text. One that the target may read otherwise than the gateway does is not understood. */
export function factsFor({ text, encoding, types }: StatementText, factsOf: FactsOf, reading: Reading): StatementFacts {
  if (encoding === 'base64') return factsOf.unreadable(Buffer.from(text, 'base64').toString('latin1'))
  if (reading.strings !== 'standard' && text.includes('\\')) return factsOf.unreadable(text)
  if (reading.encoding !== 'utf8' && BEYOND_ASCII.test(text)) return factsOf.unreadable(text)
  const facts = factsOf(text, reading)
  return types !== undefined && anyDefined(types)
    ? factsOf.doubted(facts, text, 'a parameter whose type somebody defined')
    : facts
}

const BEYOND_ASCII = /[\u0080-\uffff]/

/** What an operation is judged by besides its text and values. */
export interface Known {
  readonly facts: StatementFacts
  readonly state: Meaning
  readonly relations: KnownRelations | null
}

export function queryOperation({ text, encoding }: StatementText, { facts, state, relations }: Known): Operation {
  const operation: Operation = { type: 'query', text, effect: facts.effect, facts, state, relations }
  return encoding === undefined ? operation : { ...operation, encoding }
}

export function prepareOperation(
  { name, text, encoding }: PreparedStatement,
  { facts, state, relations }: Known,
): Operation {
  const { effect } = facts
  const operation: Operation = {
    type: 'prepare',
    text,
    statement: name,
    effect,
    facts,
    state,
    relations,
    deferred: true,
  }
  return encoding === undefined ? operation : { ...operation, encoding }
}

/**
 * A Bind that goes out without an Execute behind it. Planning may run what its facts do not know, and then it is held like what runs;
 * of what is clear, nothing runs before its Execute.
 */
export function bindOperation(portal: Portal, known: Known): Operation {
  const { maxRows: _, ...operation } = executeOperation(portal, 0, null, known)
  return { ...operation, type: 'bind', ...(known.facts.facts.standing === 'clear' && { deferred: true }) }
}

/** An Execute as it is judged and recorded: the bound statement's text with the values bound to it. */
export function executeOperation(
  { name, statement, values, formats }: Portal,
  maxRows: number,
  continues: Permit | null,
  { facts, state, relations }: Known,
): Operation {
  return {
    type: 'execute',
    text: statement.text,
    statement: statement.name,
    portal: name,
    effect: facts.effect,
    facts,
    state,
    relations,
    ...(continues !== null && { continues }),
    ...(statement.encoding && { encoding: statement.encoding }),
    ...(values.length > 0 && { binds: values }),
    ...(maxRows > 0 && { maxRows }),
    ...(formats.length > 0 && { formats }),
  }
}

export function functionCallOperation(functionId: number): Operation {
  return { type: 'function-call', text: `function ${functionId}`, effect: 'write', facts: null, state: null }
}
