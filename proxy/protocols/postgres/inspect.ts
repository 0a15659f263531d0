import { isAscii, isUtf8 } from 'node:buffer'
import type { Classify } from '#lib/sql/classify'
import { possiblyTouchedNames, type TouchedNames } from '#lib/sql/touched-names'
import type { Operation } from '#proxy/core/ports'
import type { Portal, PreparedStatement } from './session-names'

/** A statement text out of a message, with what is known of it. */
export interface StatementText {
  readonly text: string
  readonly encoding: 'base64' | undefined
  readonly effect: 'read' | 'write'
  /** Statements in it; an upper bound where it was not understood. */
  readonly statements: number
  readonly touches: TouchedNames | null
}

/**
 * Reads and classifies the text in `buffer[from, to)`. `encodingSettled`: the target is known to read it as UTF-8, so that bytes
 * beyond ASCII mean to it what they mean here; when it is not, such a text is never known to only read.
 */
export function readStatement(
  buffer: Buffer,
  from: number,
  to: number,
  classify: Classify,
  encodingSettled: boolean,
): StatementText {
  const bytes = buffer.subarray(from, to)
  if (isAscii(bytes)) {
    const text = buffer.toString('latin1', from, to)
    const { effect, statements, touches } = classify(text)
    return { text, encoding: undefined, effect, statements, touches }
  }
  if (!isUtf8(bytes)) {
    return {
      text: bytes.toString('base64'),
      encoding: 'base64',
      effect: 'write',
      statements: semicolons(bytes) + 1,
      touches: possiblyTouchedNames(bytes.toString('latin1')),
    }
  }
  const text = buffer.toString('utf8', from, to)
  const facts = classify(text)
  return {
    text,
    encoding: undefined,
    effect: encodingSettled ? facts.effect : 'write',
    statements: encodingSettled ? facts.statements : Math.max(facts.statements, semicolons(bytes) + 1),
    touches: encodingSettled ? facts.touches : (facts.touches ?? possiblyTouchedNames(text)),
  }
}

const SEMICOLON = 0x3b

function semicolons(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(SEMICOLON); at >= 0; at = bytes.indexOf(SEMICOLON, at + 1)) count++
  return count
}

export function queryOperation(statement: StatementText): Operation {
  const { text, encoding, effect } = statement
  const operation: Operation = { type: 'query', text, effect, facts: null, state: null }
  return encoding === undefined ? operation : { ...operation, encoding }
}

export function prepareOperation(statement: PreparedStatement): Operation {
  const { name, text, encoding, effect } = statement
  const operation: Operation = { type: 'prepare', text, statement: name, effect, facts: null, state: null }
  return encoding === undefined ? operation : { ...operation, encoding }
}

/** A Bind that goes out without an Execute behind it. */
export function bindOperation(portal: Portal): Operation {
  const { maxRows: _, ...operation } = executeOperation(portal, 0)
  return { ...operation, type: 'bind' }
}

/** An Execute as it is judged and recorded: the bound statement's text with the values bound to it. */
export function executeOperation(portal: Portal, maxRows: number): Operation {
  const { statement, values, formats } = portal
  return {
    type: 'execute',
    text: statement.text,
    statement: statement.name,
    portal: portal.name,
    effect: statement.effect,
    facts: null,
    state: null,
    ...(statement.encoding && { encoding: statement.encoding }),
    ...(values.length > 0 && { binds: values }),
    ...(maxRows > 0 && { maxRows }),
    ...(formats.length > 0 && { formats }),
  }
}

export function functionCallOperation(functionId: number): Operation {
  return { type: 'function-call', text: `function ${functionId}`, effect: 'write', facts: null, state: null }
}
