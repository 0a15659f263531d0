import type { StatementKind } from '../../domain/sql-facts'
import { COMMANDS } from './commands'
import { isTree } from './tree'
import type { Walk } from './walk'

/** Kinds of the statements that rules know. All others are in the table of commands. */
const KINDS: Readonly<Record<string, StatementKind>> = {
  SelectStmt: 'select',
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
}

/** Adds what a statement of this type is, whatever is in it. */
export function addKinds(walk: Walk, type: string): void {
  const kind = KINDS[type]
  if (kind) {
    walk.found.kinds.add(kind)
    return
  }
  const command = COMMANDS.get(type)
  if (!command) {
    walk.found.kinds.add('other')
    walk.found.opaque.add(`a command that is not known: ${type}`)
    walk.found.changes = true
    return
  }
  for (const commandKind of command.kinds) walk.found.kinds.add(commandKind)
  for (const object of command.objects) walk.found.objects.add(object)
  if (command.changes) walk.found.changes = true
  if (command.opaque) walk.found.opaque.add(command.opaque)
}

/** Visits a wrapped node that stands where a statement stands: it is run. */
export function statement(walk: Walk, value: unknown): void {
  if (!isTree(value)) {
    walk.found.opaque.add('a command that is not known')
    walk.found.changes = true
    return
  }
  for (const type in value) addKinds(walk, type)
  walk.as('write', () => walk.value(value))
}
