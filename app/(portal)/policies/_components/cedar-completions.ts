import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { STATEMENT_KINDS } from '#lib/domain/sql-facts'

const word = (label: string, detail: string, apply?: string): Completion => ({
  label,
  detail,
  type: 'keyword',
  ...(apply && { apply }),
})

/** What stands behind `context.`, with what it is. */
const CONTEXT = [
  word('sql', 'what is known of the statement'),
  word('approvedBy', 'groups that approved it'),
  word('type', 'query, prepare, bind, execute, function-call'),
  word('client', 'address, application'),
  word('run', 'id, label'),
  word('time', 'datetime'),
  word('hour', '0 to 23, UTC'),
  word('weekday', '0 is Sunday'),
  word('targetUser', 'who the gateway signs in as'),
  word('database', 'the database of the target'),
]
const SQL = [
  word('standing', '"clear", "opaque" or "unparsed"'),
  word('readOnly', 'known to change nothing'),
  word('kinds', 'Set<String>'),
  word('statements', 'how many'),
  word('reads', 'Set<String> of relations'),
  word('writes', 'Set<String> of relations'),
  word('columns', 'Set<String>'),
  word('functions', 'Set<String>'),
  word('unknownFunctions', 'Set<String>'),
  word('unfiltered', 'update, delete without a WHERE'),
  word('objects', 'kinds of objects'),
  word('settings', 'Set<String>'),
]
const RESOURCE = [
  word('name', 'of the connection'),
  word('protocol', 'postgres'),
  word('database', 'as configured'),
  word('hasTag', 'has this tag', 'hasTag("env")'),
  word('getTag', 'the value of this tag', 'getTag("env")'),
]
const PRINCIPAL = [word('name', 'String'), word('email', 'of a person'), word('owner', 'who answers for an agent')]
const SETS = [
  word('contains', 'one', 'contains("")'),
  word('containsAny', 'one of', 'containsAny([])'),
  word('containsAll', 'all of', 'containsAll([])'),
]
const ANNOTATIONS = [
  word('@id', 'what it is called in decisions', '@id("")'),
  word('@reason', 'what the client reads', '@reason("")'),
  word('@hold', 'who must approve', '@hold("role:approver")'),
  word('@quorum', 'how many of them', '@quorum("2")'),
  word('@alert', 'info, warning or critical', '@alert("warning")'),
]
const KEYWORDS = ['permit', 'forbid', 'when', 'unless', 'principal', 'action', 'resource', 'context', 'is', 'in', 'has']
const TYPES = ['Person', 'Agent', 'Service', 'Group', 'Connection']
const TOP = [...KEYWORDS.map((label) => word(label, '')), ...TYPES.map((label) => word(label, 'type'))]
const KINDS = STATEMENT_KINDS.map((kind): Completion => ({ label: kind, type: 'constant', detail: 'statement kind' }))

/** Which list fits what stands before the cursor, the most telling first. */
const PLACES: readonly (readonly [RegExp, readonly Completion[]])[] = [
  [/kinds\.contains(?:Any|All)?\([^)]*"[\w-]*$/, KINDS],
  [/context\.sql\.(?:kinds|reads|writes|columns|functions|unknownFunctions|unfiltered|objects|settings)\.\w*$/, SETS],
  [/context\.approvedBy\.\w*$/, SETS],
  [/context\.sql\.\w*$/, SQL],
  [/context\.\w*$/, CONTEXT],
  [/resource\.\w*$/, RESOURCE],
  [/principal\.\w*$/, PRINCIPAL],
  [/@\w*$/, ANNOTATIONS],
  [/(?:^|[^.\w"])\w+$/, TOP],
]

/** What the schema of our policies has to offer at the cursor. */
export function cedarCompletions(at: CompletionContext): CompletionResult | null {
  const before =
    at.state
      .sliceDoc(Math.max(0, at.pos - 200), at.pos)
      .split('\n')
      .at(-1) ?? ''
  const options = PLACES.find(([place]) => place.test(before))?.[1]
  if (!options || (before.trim() === '' && !at.explicit)) return null
  const typed = /@?[\w-]*$/.exec(before)?.[0] ?? ''
  return { from: at.pos - typed.length, options: [...options], validFor: /^@?[\w-]*$/ }
}
