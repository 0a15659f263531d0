import type { PolicyAlert, PolicyDocument } from '../domain/policy'
import { parseStatement, type StatementTree } from './cedar'
import { inWords } from './problem-words'
import { firstWord, lineAt, placeAt, splitStatements, tooComplex } from './split'

/** One statement of a document, understood. */
export interface Statement {
  /** Its `@id`, else the document's name, with a number from the second on. */
  readonly id: string
  readonly document: string
  readonly text: string
  /** Of its first word in the document, from 1. */
  readonly line: number
  /** Where `text` starts in the document. */
  readonly at: number
  readonly effect: 'permit' | 'forbid'
  readonly reason: string
  readonly hold: { readonly group: string; readonly quorum: number } | null
  readonly alert: PolicyAlert['severity'] | null
  readonly tree: StatementTree
}

/** Something in a document that keeps it from being in force. */
export interface PolicyProblem {
  readonly document: string
  /** From 1; null: the document as a whole. */
  readonly line: number | null
  /** From 1, in UTF-16 units; null: the line as a whole. */
  readonly column: number | null
  readonly message: string
}

export const ANNOTATIONS = ['id', 'reason', 'hold', 'quorum', 'alert'] as const
export const MOST_QUORUM = 10
const SEVERITIES: readonly string[] = ['info', 'warning', 'critical']

/** The statements of a document in order, or the first thing that is wrong with each that Cedar does not understand. */
export function parseDocument(document: PolicyDocument): {
  readonly statements: readonly Statement[]
  readonly problems: readonly PolicyProblem[]
} {
  const statements: Statement[] = []
  const problems: PolicyProblem[] = []
  for (const [index, { text, at }] of splitStatements(document.text).entries()) {
    const complex = tooComplex(text)
    const parsed = complex === null ? parseStatement(text) : { message: complex, at: null }
    const start = at + firstWord(text)
    if ('message' in parsed) {
      const where =
        parsed.at === null
          ? { line: lineAt(document.text, start), column: null }
          : placeAt(document.text, at + parsed.at)
      problems.push({ document: document.name, ...where, message: inWords(parsed.message) })
    } else statements.push(toStatement(document, index, { text, at, line: lineAt(document.text, start) }, parsed))
  }
  return { statements, problems }
}

/** What is no number from 1 to 10 is refused when it is saved; where it was not, it demands the most. */
function quorumOf(quorum: string | null | undefined): number {
  if (quorum === undefined) return 1
  return isQuorum(quorum) ? Number(quorum) : MOST_QUORUM
}

export const isQuorum = (quorum: string | null): quorum is string => /^([1-9]|10)$/.test(quorum ?? '')

function toStatement(
  { name }: PolicyDocument,
  index: number,
  place: Pick<Statement, 'text' | 'line' | 'at'>,
  tree: StatementTree,
): Statement {
  const { id, reason, hold, quorum, alert } = tree.annotations
  return {
    ...place,
    id: id || (index === 0 ? name : `${name}.${index + 1}`),
    document: name,
    effect: tree.effect,
    reason: reason ?? '',
    hold: hold ? { group: hold, quorum: quorumOf(quorum) } : null,
    alert: alert && SEVERITIES.includes(alert) ? (alert as PolicyAlert['severity']) : null,
    tree,
  }
}
