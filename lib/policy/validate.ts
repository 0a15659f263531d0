import type { PolicyDocument } from '../domain/policy'
import { checkStatement } from './cedar'
import { ANNOTATIONS, lineAt, type PolicyProblem, parseDocument, type Statement } from './parse'
import { CEDAR_SCHEMA } from './schema'

const MOST_QUORUM = 10

/** Everything that is wrong with a set of documents, in their order. Empty: it may be in force. */
export function validatePolicies(documents: readonly PolicyDocument[]): readonly PolicyProblem[] {
  const seen = new Map<string, Statement>()
  return documents.flatMap((document) => {
    const { statements, problems } = parseDocument(document)
    const empty = statements.length === 0 && problems.length === 0
    return [
      ...(empty ? [{ document: document.name, line: null, message: 'there is no policy in it' }] : []),
      ...problems,
      ...statements.flatMap((statement) => [...problemsOf(statement), ...doubles(statement, seen)]),
    ]
  })
}

function problemsOf(statement: Statement): PolicyProblem[] {
  const { document, line, text } = statement
  const found = annotationProblems(statement).map((message) => ({ document, line, message }))
  const before = text.length - text.trimStart().length
  for (const { message, at } of checkStatement(CEDAR_SCHEMA, text)) {
    const down = at === null || at < before ? 0 : lineAt(text, at) - lineAt(text, firstLine(text))
    found.push({ document, line: line + Math.max(0, down), message })
  }
  return found
}

/** Offset of the statement's first word, which stands on its `line`. */
function firstLine(text: string): number {
  return /^(?:\s|\/\/[^\n]*(?:\n|$))*/.exec(text)?.[0].length ?? 0
}

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
  if (!Number.isInteger(hold.quorum) || hold.quorum < 1 || hold.quorum > MOST_QUORUM)
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

function doubles(statement: Statement, seen: Map<string, Statement>): PolicyProblem[] {
  const { id, document, line } = statement
  const other = seen.get(id)
  seen.set(id, other ?? statement)
  return other === undefined
    ? []
    : [{ document, line, message: `there is a policy ${id} already, in ${other.document}, line ${other.line}` }]
}
