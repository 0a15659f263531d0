import type { StatementKind } from '../../domain/sql-facts'
import { addSetting } from './settings'
import { statement } from './statement'
import { constantString, isTree, listOf, type Tree, textOf, unwrap } from './tree'
import type { Rules, Walk } from './walk'

const TRANSACTION: Readonly<Record<string, readonly [kind: StatementKind, changes: 'reads' | 'changes']>> = {
  TRANS_STMT_BEGIN: ['begin', 'reads'],
  TRANS_STMT_START: ['begin', 'reads'],
  TRANS_STMT_COMMIT: ['commit', 'reads'],
  TRANS_STMT_ROLLBACK: ['rollback', 'reads'],
  TRANS_STMT_SAVEPOINT: ['savepoint', 'reads'],
  TRANS_STMT_RELEASE: ['savepoint', 'reads'],
  TRANS_STMT_ROLLBACK_TO: ['rollback', 'reads'],
  TRANS_STMT_PREPARE: ['commit', 'changes'],
  TRANS_STMT_COMMIT_PREPARED: ['commit', 'changes'],
  TRANS_STMT_ROLLBACK_PREPARED: ['rollback', 'changes'],
}

/** Options of a transaction: settings by another syntax. READ ONLY has the number 1, which is never zero where nothing is folded. */
function transactionOptions(walk: Walk, options: unknown, prefix: '' | 'default_'): void {
  for (const option of listOf(options)) {
    const element = unwrap(option, 'DefElem')
    const name = textOf(element?.defname)
    const constant = unwrap(element?.arg, 'A_Const')
    const isOn = isTree(constant?.ival) && constant.ival.ival === 1
    addSetting(walk.found, `${prefix}${name ?? '*'}`, isOn ? 'on' : constantString(element?.arg))
  }
}

function transaction(walk: Walk, node: Tree): void {
  const known = TRANSACTION[textOf(node.kind) ?? '']
  if (!known) walk.found.opaque.add('a transaction command that is not known')
  else {
    walk.found.kinds.add(known[0])
    if (known[1] === 'changes') walk.found.changes = true
  }
  transactionOptions(walk, node.options, '')
  walk.fields('TransactionStmt', node, [])
}

/** A single plain value that a setting gets; null for none, several, or anything else. */
function plainValue(node: Tree): string | null {
  const args = listOf(node.args)
  return node.kind === 'VAR_SET_VALUE' && args.length === 1 ? constantString(args[0]) : null
}

function set(walk: Walk, node: Tree): void {
  const kind = textOf(node.kind)
  walk.found.kinds.add(kind === 'VAR_RESET' || kind === 'VAR_RESET_ALL' ? 'reset' : 'set')
  if (kind === 'VAR_RESET_ALL') addSetting(walk.found, '*', null)
  else if (kind !== 'VAR_SET_MULTI') addSetting(walk.found, textOf(node.name) ?? '*', plainValue(node))
  else if (node.name === 'TRANSACTION') transactionOptions(walk, node.args, '')
  else if (node.name === 'SESSION CHARACTERISTICS') transactionOptions(walk, node.args, 'default_')
  else if (node.name !== 'TRANSACTION SNAPSHOT') addSetting(walk.found, '*', null)
  walk.fields('VariableSetStmt', node, ['args'])
}

/** What a prepared statement or cursor runs counts where it is made, also if it is run later or never. */
function prepare(walk: Walk, node: Tree): void {
  statement(walk, node.query)
  walk.found.ownStatements.add(textOf(node.name) ?? '')
  walk.fields('PrepareStmt', node, ['argtypes'])
}

function execute(walk: Walk, node: Tree): void {
  const name = textOf(node.name) ?? ''
  if (!walk.found.ownStatements.has(name)) walk.found.runsStatements.add(name)
  walk.as('read', () => walk.fields('ExecuteStmt', node, ['params']))
}

function declare(walk: Walk, node: Tree): void {
  statement(walk, node.query)
  walk.found.ownCursors.add(textOf(node.portalname) ?? '')
  walk.fields('DeclareCursorStmt', node, [])
}

function fetch(walk: Walk, node: Tree): void {
  const name = textOf(node.portalname) ?? ''
  if (!walk.found.ownCursors.has(name)) walk.found.runsCursors.add(name)
  walk.fields('FetchStmt', node, [])
}

export const SESSION_RULES: Rules = {
  TransactionStmt: transaction,
  VariableSetStmt: set,
  PrepareStmt: prepare,
  ExecuteStmt: execute,
  DeclareCursorStmt: declare,
  FetchStmt: fetch,
  DiscardStmt: (walk, node) => {
    if (node.target !== 'DISCARD_PLANS') walk.found.changes = true
    if (node.target === 'DISCARD_ALL') addSetting(walk.found, '*', null)
    walk.fields('DiscardStmt', node, [])
  },
  // A lock in the weakest mode is what every SELECT takes.
  LockStmt: (walk, node) => {
    const weakest = node.mode === 1
    if (!weakest) walk.found.changes = true
    walk.as(weakest ? 'read' : 'write', () => walk.fields('LockStmt', node, ['relations']))
  },
}
