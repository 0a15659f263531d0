import type { PolicyDocument } from '../domain/policy'
import { checkStatements } from './cedar'
import { ANNOTATIONS, isQuorum, MOST_QUORUM, type PolicyProblem, parseDocument, type Statement } from './parse'
import { inWords } from './problem-words'
import { CEDAR_SCHEMA } from './schema'
import { firstWord, placeAt } from './split'
import { unknownWords } from './vocabulary'

/** Everything that is wrong with a set of documents, by document and line. Empty: it may be in force. */
export function validatePolicies(documents: readonly PolicyDocument[]): readonly PolicyProblem[] {
  const parsed = documents.map((document) => ({ document, ...parseDocument(document) }))
  const seen = new Map<string, Statement>()
  const texts = new Map(documents.map(({ name, text }) => [name, text]))
  const statements = parsed.flatMap((document) => document.statements)
  const found = [...schemaProblems(statements, texts), ...statements.flatMap((one) => ownProblems(one, seen))]
  return parsed.flatMap(({ document: { name }, statements: own, problems }): PolicyProblem[] => {
    if (own.length === 0 && problems.length === 0)
      return [{ document: name, line: null, column: null, message: 'there is no policy in it' }]
    return [...problems, ...found.filter(({ document }) => document === name)].sort(byPlace)
  })
}

const byPlace = (a: PolicyProblem, b: PolicyProblem) =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)

function schemaProblems(statements: readonly Statement[], documents: ReadonlyMap<string, string>): PolicyProblem[] {
  const texts = statements.map(({ text }) => text)
  return checkStatements(CEDAR_SCHEMA, texts).map(({ statement: index, message, at }) => {
    const { document = '', line = 1, text = '', at: start = 0 } = statements[index] ?? {}
    // What Cedar says of a policy as a whole it says of its first character, which may stand in a comment before it.
    const whole = at === null || at <= firstWord(text)
    const place = whole ? { line, column: null } : placeAt(documents.get(document) ?? '', start + at)
    return { document, ...place, message: inWords(message) }
  })
}

function ownProblems(statement: Statement, seen: Map<string, Statement>): PolicyProblem[] {
  const { document, line, tree } = statement
  const messages = [...annotationProblems(statement), ...unknownWords(tree), ...doubles(statement, seen)]
  return messages.map((message) => ({ document, line, column: null, message }))
}

/** Clients show it on one line, and a record has it with each statement. */
const MOST_REASON = 500
const MOST_GROUP = 128
const isPlain = (text: string, most: number) => text.length <= most && !/\p{Cc}/u.test(text)

function annotationProblems({ tree, effect, hold }: Statement): string[] {
  const { annotations } = tree
  const found: string[] = []
  for (const name of Object.keys(annotations)) {
    if (!(ANNOTATIONS as readonly string[]).includes(name))
      found.push(`@${name} means nothing here: there are ${ANNOTATIONS.map((known) => `@${known}`).join(', ')}`)
  }
  if (annotations.id !== undefined && !/^[a-z0-9][a-z0-9.-]{0,62}$/.test(annotations.id ?? ''))
    found.push('@id has 1 to 63 characters: a to z, 0 to 9, dots and hyphens')
  if (effect === 'forbid' && !annotations.reason?.trim())
    found.push('a forbid needs @reason("…"): it is what the refused client reads')
  if (!isPlain(annotations.reason ?? '', MOST_REASON))
    found.push(`@reason has ${MOST_REASON} characters at most, in one line`)
  if (annotations.alert !== undefined && !/^(info|warning|critical)$/.test(annotations.alert ?? ''))
    found.push('@alert is "info", "warning" or "critical"')
  return [...found, ...holdProblems(annotations, effect, hold, tree.conditions)]
}

function holdProblems(
  annotations: Statement['tree']['annotations'],
  effect: Statement['effect'],
  hold: Statement['hold'],
  conditions: Statement['tree']['conditions'],
): string[] {
  if (annotations.hold === undefined)
    return annotations.quorum === undefined ? [] : ['@quorum needs @hold("group") beside it']
  if (effect !== 'forbid') return ['@hold belongs on a forbid: what is permitted is not held']
  if (hold === null) return ['@hold names the group that may approve, such as @hold("role:approver")']
  const found: string[] = []
  if (!isPlain(hold.group, MOST_GROUP)) found.push(`@hold names a group, of ${MOST_GROUP} characters at most`)
  if (annotations.quorum !== undefined && !isQuorum(annotations.quorum))
    found.push(`@quorum is a whole number from 1 to ${MOST_QUORUM}`)
  if (!conditions.some(({ kind, body }) => kind === 'unless' && lifts(body, hold.group)))
    found.push(`approval must lift it: add unless { context.approvedBy.contains(${JSON.stringify(hold.group)}) }`)
  return found
}

/** Whether `body` is true whenever `group` approved: the test itself, or one side of an `||`. */
function lifts(body: unknown, group: string): boolean {
  if (typeof body !== 'object' || body === null) return false
  if ('||' in body) {
    const { left, right } = body['||'] as { left: unknown; right: unknown }
    return lifts(left, group) || lifts(right, group)
  }
  const wanted = { left: { '.': { left: { Var: 'context' }, attr: 'approvedBy' } }, right: { Value: group } }
  return 'contains' in body && JSON.stringify(body.contains) === JSON.stringify(wanted)
}

function doubles(statement: Statement, seen: Map<string, Statement>): string[] {
  const { id } = statement
  const other = seen.get(id)
  seen.set(id, other ?? statement)
  return other === undefined ? [] : [`there is a policy ${id} already, in ${other.document}, line ${other.line}`]
}
