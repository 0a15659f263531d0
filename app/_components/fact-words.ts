import type { SqlFacts, StatementKind } from '#lib/domain/sql-facts'
import { counted, grouped } from './numbers'

/** Facts as the services give them: kinds that this page does not know are words like any other. */
export type Facts = Omit<SqlFacts, 'kinds'> & { readonly kinds: readonly string[] }

/** Verbs of what changes something, the gravest first. */
const VERBS: readonly (readonly [StatementKind, string])[] = [
  ['drop', 'Drop'],
  ['truncate', 'Truncate'],
  ['delete', 'Delete from'],
  ['copy-program', 'Copy through a program'],
  ['copy-file', 'Copy a file of the server'],
  ['revoke', 'Revoke rights'],
  ['grant', 'Grant rights'],
  ['security', 'Change security'],
  ['system', 'Change the server'],
  ['alter', 'Alter'],
  ['merge', 'Merge into'],
  ['update', 'Update'],
  ['create', 'Create'],
  ['select-into', 'Select into'],
  ['insert', 'Insert into'],
  ['copy-in', 'Copy into'],
  ['do', 'Run a code block'],
  ['call', 'Call a procedure'],
  ['refresh', 'Refresh'],
  ['reindex', 'Reindex'],
  ['cluster', 'Cluster'],
  ['vacuum', 'Vacuum'],
  ['lock', 'Lock'],
  ['select-for-update', 'Lock rows of'],
  ['load', 'Load a library'],
  ['comment', 'Comment on'],
  ['copy-out', 'Copy out'],
  ['set', 'Change settings'],
]
/** Verbs that need no object behind them. */
const COMPLETE: ReadonlySet<string> = new Set([
  ...(['copy-program', 'copy-file', 'grant', 'revoke', 'security', 'system', 'do', 'call', 'load', 'set'] as const),
])
/** Kinds that say nothing about what a text does. */
const QUIET: ReadonlySet<string> = new Set([
  ...(['begin', 'commit', 'rollback', 'savepoint', 'show', 'prepare', 'execute', 'deallocate', 'cursor'] as const),
  ...(['explain', 'explain-analyze', 'select'] as const),
])
const NAMES_SHOWN = 3

/** What a text does, in a few words: `Delete from payment_methods`, `Drop table orders`, `Update and delete 4 tables`. */
export function factTitle(facts: Facts | null): string {
  if (facts === null) return 'Something of which nothing is known'
  if (facts.standing === 'unparsed') return 'A text that the grammar does not understand'
  const found = VERBS.filter(([kind]) => facts.kinds.includes(kind))
  const [first, ...others] = found
  if (!first) return otherTitle(facts)
  if (others.length > 0) return severalTitle(facts, found)
  const [kind, verb] = first
  if (COMPLETE.has(kind)) return `${verb}${about(facts)}`
  const names = shownNames(facts.writes.length > 0 ? facts.writes : facts.reads)
  if (facts.unfiltered.includes('delete') && kind === 'delete') return `Delete every row of ${names}`
  if (facts.unfiltered.includes('update') && kind === 'update') return `Update every row of ${names}`
  const object = facts.objects.length === 1 && ['drop', 'create', 'alter'].includes(kind) ? ` ${facts.objects[0]}` : ''
  return names === '' ? `${verb}${object || ' something'}` : `${verb}${object} ${names}`
}

/** The same with how many rows it is likely to touch: `Delete about 1,284 rows from payment_methods`. */
export function factHeadline(facts: Facts | null, estimatedRows: number | null): string {
  const title = factTitle(facts)
  if (estimatedRows === null) return title
  if (title.startsWith('Delete from ')) return `Delete about ${rows(estimatedRows)} from ${title.slice(12)}`
  if (title.startsWith('Update ') && !title.startsWith('Update every') && !title.startsWith('Update and'))
    return `Update about ${rows(estimatedRows)} of ${title.slice(7)}`
  return title
}

const rows = (count: number) => (count === 1 ? '1 row' : `${grouped(count)} rows`)

function severalTitle(facts: Facts, found: readonly (readonly [StatementKind, string])[]): string {
  const verbs = found.slice(0, 3).map(([, verb], index) => {
    const word = verb.replace(/ (from|into|of|on)$/, '')
    return index === 0 ? word : word.charAt(0).toLowerCase() + word.slice(1)
  })
  const more = found.length > 3 ? ' and more' : ''
  const objects = facts.writes.length > NAMES_SHOWN ? counted(facts.writes.length, 'table') : facts.writes.join(', ')
  return `${joined(verbs)}${more}${objects === '' ? '' : `: ${objects}`}`
}

function otherTitle(facts: Facts): string {
  if (facts.unknownFunctions.length > 0) return `Call ${shownNames(facts.unknownFunctions)}`
  const names = shownNames(facts.reads)
  if (facts.kinds.includes('select')) return names === '' ? 'Select' : `Select from ${names}`
  const kind = facts.kinds.find((one) => !QUIET.has(one)) ?? facts.kinds[0] ?? 'statement'
  const word = kind.replaceAll('-', ' ')
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}${names === '' ? '' : ` ${names}`}`
}

function about(facts: Facts): string {
  if (facts.settings.length > 0) return `: ${shownNames(facts.settings)}`
  if (facts.writes.length > 0) return `: ${shownNames(facts.writes)}`
  return ''
}

export function shownNames(names: readonly string[]): string {
  if (names.length <= NAMES_SHOWN) return joined(names)
  return `${names.slice(0, NAMES_SHOWN - 1).join(', ')} and ${names.length - NAMES_SHOWN + 1} more`
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
