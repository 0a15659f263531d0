import { nameOf } from './expressions'
import { Findings } from './findings'
import { addSetting } from './settings'
import { statement } from './statement'
import { isTree, listOf, stringsOf, type Tree, textOf, unwrap } from './tree'
import type { Rules, Walk } from './walk'

/** `OBJECT_FOREIGN_TABLE` → `foreign-table`. */
const OBJECT_WORDS: Readonly<Record<string, string>> = {
  OBJECT_MATVIEW: 'materialized-view',
  OBJECT_FDW: 'foreign-data-wrapper',
  OBJECT_OPCLASS: 'operator-class',
  OBJECT_OPFAMILY: 'operator-family',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TSCONFIGURATION: 'text-search-configuration',
  OBJECT_TSDICTIONARY: 'text-search-dictionary',
  OBJECT_TSPARSER: 'text-search-parser',
  OBJECT_TSTEMPLATE: 'text-search-template',
  OBJECT_DOMCONSTRAINT: 'domain',
  OBJECT_TABCONSTRAINT: 'table',
}

function objectWord(type: unknown): string | null {
  const name = textOf(type)
  if (!name?.startsWith('OBJECT_')) return null
  return OBJECT_WORDS[name] ?? name.slice(7).toLowerCase().replaceAll('_', '-')
}

function addObject(walk: Walk, type: unknown): void {
  const word = objectWord(type)
  if (word === null) walk.found.opaque.add('an object that is not known')
  else walk.found.objects.add(word)
}

const RELATIONS = new Set(['table', 'view', 'materialized-view', 'index', 'sequence', 'foreign-table'])
/** Objects that are named behind the relation they belong to. */
const OF_RELATIONS = new Set(['policy', 'trigger', 'rule', 'column', 'table'])

/** Relations among what a list of names names. */
function addNamed(walk: Walk, type: unknown, object: unknown): void {
  const word = objectWord(type) ?? ''
  const parts = stringsOf(unwrap(object, 'List')?.items)
  if (!parts) return
  const named = RELATIONS.has(word) && type !== 'OBJECT_TABCONSTRAINT'
  const name = named ? nameOf(parts) : OF_RELATIONS.has(word) ? nameOf(parts.slice(0, -1)) : null
  if (name) walk.found.writes.add(name)
}

/** A body that is stored and not run: what it names counts, what it does does not. */
function stored(walk: Walk, visit: () => void): void {
  const body = new Findings()
  walk.into(body, visit)
  walk.found.writes.addAll(body.writes)
  walk.found.addUnrun(body)
}

/** CREATE and ALTER of what carries its own type of object. */
function typed(type: string, field: string, ...visited: readonly string[]): Rules {
  return {
    [type]: (walk, node) => {
      addObject(walk, node[field])
      addNamed(walk, node[field], node.object)
      walk.fields(type, node, visited)
    },
  }
}

const SECURITY_SUBTYPES = /^AT_(ChangeOwner|(Enable|Disable|Force|NoForce)RowSecurity)$/

function createFunction(walk: Walk, node: Tree): void {
  walk.found.objects.add(node.is_procedure === true ? 'procedure' : 'function')
  const body = node.sql_body
  if (body !== undefined) stored(walk, () => statements(walk, body))
  walk.fields('CreateFunctionStmt', node, ['parameters', 'returnType', 'options'])
}

/** Statements of a body, in lists of lists. */
function statements(walk: Walk, value: unknown): void {
  const list = unwrap(value, 'List')
  if (list) for (const item of listOf(list.items)) statements(walk, item)
  else if (isTree(value) && value.ReturnStmt) walk.as('read', () => walk.value(value))
  else statement(walk, value)
}

function rule(walk: Walk, node: Tree): void {
  stored(walk, () => {
    for (const action of listOf(node.actions)) statement(walk, action)
    walk.as('read', () => walk.fields('RuleStmt', node, ['whereClause']))
  })
  walk.fields('RuleStmt', node, ['relation'])
}

function view(walk: Walk, node: Tree): void {
  stored(walk, () => statement(walk, node.query))
  walk.fields('ViewStmt', node, ['view', 'options'])
}

function createTableAs(walk: Walk, node: Tree): void {
  addObject(walk, node.objtype)
  walk.fields('CreateTableAsStmt', node, ['into'])
  const into = node.into
  if (isTree(into) && into.skipData === true && isTree(node.query) && !node.query.ExecuteStmt) {
    stored(walk, () => statement(walk, node.query))
  } else statement(walk, node.query)
}

function grant(walk: Walk, node: Tree): void {
  walk.found.kinds.add(node.is_grant === true ? 'grant' : 'revoke')
}

/** Settings that are kept for a role, a database or the server. */
function setting(walk: Walk, type: string, node: Tree): void {
  walk.fields(type, node)
  if (!isTree(node.setstmt)) addSetting(walk.found, '*', null)
}

function index(walk: Walk, node: Tree): void {
  const name = textOf(node.idxname)
  const schema = isTree(node.relation) ? textOf(node.relation.schemaname) : null
  if (name !== null) walk.found.writes.add({ schema, name })
  walk.fields('IndexStmt', node)
}

export const DEFINITION_RULES: Rules = {
  ...typed('AlterOwnerStmt', 'objectType', 'relation', 'object'),
  ...typed('AlterObjectSchemaStmt', 'objectType', 'relation', 'object'),
  ...typed('AlterObjectDependsStmt', 'objectType', 'relation', 'object'),
  ...typed('RenameStmt', 'renameType', 'relation', 'object'),
  ...typed('DefineStmt', 'kind', 'args', 'definition'),
  AlterTableStmt: (walk, node) => {
    addObject(walk, node.objtype)
    walk.fields('AlterTableStmt', node)
  },
  AlterTableCmd: (walk, node) => {
    if (SECURITY_SUBTYPES.test(textOf(node.subtype) ?? '')) walk.found.kinds.add('security')
    const column = textOf(node.name)
    if (column !== null && /Column/.test(textOf(node.subtype) ?? '')) walk.found.columns.add(column)
    walk.fields('AlterTableCmd', node)
  },
  ColumnDef: (walk, node) => {
    const name = textOf(node.colname)
    if (name !== null) walk.found.columns.add(name)
    walk.fields('ColumnDef', node)
  },
  // Copies a definition, and reads no row.
  TableLikeClause: (walk, node) => walk.as('read', () => walk.fields('TableLikeClause', node)),
  Constraint: (walk, node) => {
    walk.fields('Constraint', node, ['raw_expr', 'keys', 'exclusions', 'options', 'where_clause'])
    const { pktable } = node
    if (isTree(pktable)) walk.as('read', () => walk.node('RangeVar', pktable))
  },
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: (walk, node) => {
    addObject(walk, node.objtype)
    walk.fields('AlterFunctionStmt', node)
  },
  RuleStmt: rule,
  ViewStmt: view,
  CreateTableAsStmt: createTableAs,
  CreateSchemaStmt: (walk, node) => {
    for (const element of listOf(node.schemaElts)) statement(walk, element)
    walk.fields('CreateSchemaStmt', node, [])
  },
  IndexStmt: index,
  DropStmt: (walk, node) => {
    addObject(walk, node.removeType)
    for (const object of listOf(node.objects)) addNamed(walk, node.removeType, object)
    walk.fields('DropStmt', node, ['objects'])
  },
  CommentStmt: (walk, node) => {
    addNamed(walk, node.objtype, node.object)
    walk.fields('CommentStmt', node, ['object'])
  },
  SecLabelStmt: (walk, node) => {
    addNamed(walk, node.objtype, node.object)
    walk.fields('SecLabelStmt', node, ['object'])
  },
  GrantStmt: (walk, node) => {
    grant(walk, node)
    walk.fields('GrantStmt', node)
  },
  GrantRoleStmt: (walk, node) => {
    grant(walk, node)
    walk.fields('GrantRoleStmt', node)
  },
  AlterRoleSetStmt: (walk, node) => setting(walk, 'AlterRoleSetStmt', node),
  AlterDatabaseSetStmt: (walk, node) => setting(walk, 'AlterDatabaseSetStmt', node),
  AlterSystemStmt: (walk, node) => setting(walk, 'AlterSystemStmt', node),
  RefreshMatViewStmt: (walk, node) => {
    const relation = isTree(node.relation) ? node.relation : {}
    const name = textOf(relation.relname)
    if (name !== null) walk.found.refreshed.add({ schema: textOf(relation.schemaname), name })
    walk.fields('RefreshMatViewStmt', node)
  },
  VacuumStmt: (walk, node) => {
    const options = listOf(node.options).map((option) => textOf(unwrap(option, 'DefElem')?.defname))
    if (node.is_vacuumcmd === true) walk.found.kinds.add('vacuum')
    if (node.is_vacuumcmd !== true || options.includes('analyze')) walk.found.kinds.add('analyze')
    walk.fields('VacuumStmt', node)
  },
  // Its name is of a type, and only looks like a relation's.
  CompositeTypeStmt: (walk, node) => walk.fields('CompositeTypeStmt', node, ['coldeflist']),
}
