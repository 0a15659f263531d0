import type { StatementKind } from '../../domain/sql-facts'

interface Command {
  readonly kinds: readonly StatementKind[]
  /** Kinds of objects that are created, altered or dropped. */
  readonly objects: readonly string[]
  /** False where rules say what it changes. */
  readonly changes: boolean
  /** Why it cannot be known what it does. */
  readonly opaque: string | null
}

/** `Node kind+kind object`. A `?` behind the node's name: rules say whether it changes anything. */
const TABLE = `
AlterCollationStmt alter collation
AlterDatabaseRefreshCollStmt alter+system database
AlterDatabaseSetStmt alter+system database
AlterDatabaseStmt alter+system database
AlterDefaultPrivilegesStmt alter+security default-privileges
AlterDomainStmt alter domain
AlterEnumStmt alter type
AlterEventTrigStmt alter+system event-trigger
AlterExtensionContentsStmt alter+system extension
AlterExtensionStmt alter+system extension
AlterFdwStmt alter+system foreign-data-wrapper
AlterForeignServerStmt alter+system foreign-server
AlterFunctionStmt alter function
AlterObjectDependsStmt alter
AlterObjectSchemaStmt alter
AlterOpFamilyStmt alter operator-family
AlterOperatorStmt alter operator
AlterOwnerStmt alter+security
AlterPolicyStmt alter+security policy
AlterPublicationStmt alter+replication publication
AlterRoleSetStmt alter+security role
AlterRoleStmt alter+security role
AlterSeqStmt alter sequence
AlterStatsStmt alter statistics
AlterSubscriptionStmt alter+replication subscription
AlterSystemStmt alter+system
AlterTableMoveAllStmt alter+system table
AlterTableSpaceOptionsStmt alter+system tablespace
AlterTableStmt alter
AlterTSConfigurationStmt alter text-search-configuration
AlterTSDictionaryStmt alter text-search-dictionary
AlterTypeStmt alter type
AlterUserMappingStmt alter+security user-mapping
CallStmt call
CheckPointStmt checkpoint
ClosePortalStmt? cursor
ClusterStmt cluster
CommentStmt comment
CompositeTypeStmt create type
ConstraintsSetStmt set
CopyStmt?
CreateAmStmt create+system access-method
CreateCastStmt create cast
CreateConversionStmt create conversion
CreateDomainStmt create domain
CreateEnumStmt create type
CreateEventTrigStmt create+system event-trigger
CreateExtensionStmt create+system extension
CreateFdwStmt create+system foreign-data-wrapper
CreateForeignServerStmt create+system foreign-server
CreateForeignTableStmt create foreign-table
CreateFunctionStmt create
CreateOpClassStmt create operator-class
CreateOpFamilyStmt create operator-family
CreatePLangStmt create+system language
CreatePolicyStmt create+security policy
CreatePublicationStmt create+replication publication
CreateRangeStmt create type
CreateRoleStmt create+security role
CreateSchemaStmt create schema
CreateSeqStmt create sequence
CreateStatsStmt create statistics
CreateStmt create table
CreateSubscriptionStmt create+replication subscription
CreateTableAsStmt create
CreateTableSpaceStmt create+system tablespace
CreateTransformStmt create transform
CreateTrigStmt create trigger
CreateUserMappingStmt create+security user-mapping
CreatedbStmt create+system database
DeallocateStmt? deallocate
DeclareCursorStmt? cursor
DefineStmt create
DiscardStmt? discard
DoStmt do
DropOwnedStmt drop+security
DropRoleStmt drop+security role
DropStmt drop
DropSubscriptionStmt drop+replication subscription
DropTableSpaceStmt drop+system tablespace
DropUserMappingStmt drop+security user-mapping
DropdbStmt drop+system database
ExecuteStmt? execute
ExplainStmt? explain
FetchStmt? cursor
GrantRoleStmt security role
GrantStmt security
ImportForeignSchemaStmt create+system foreign-table
IndexStmt create index
ListenStmt listen
LoadStmt load+system
LockStmt? lock
NotifyStmt notify
PrepareStmt? prepare
ReassignOwnedStmt alter+security
RefreshMatViewStmt refresh
ReindexStmt reindex
RenameStmt alter
RuleStmt create rule
SecLabelStmt security
TransactionStmt?
TruncateStmt truncate
UnlistenStmt listen
VacuumStmt
VariableSetStmt?
VariableShowStmt? show
ViewStmt create view
`

const OPAQUE: Readonly<Record<string, string>> = {
  AlterExtensionStmt: 'it runs the scripts of an extension',
  AlterSubscriptionStmt: 'it reaches another server',
  CallStmt: 'it calls a procedure',
  CreateExtensionStmt: 'it runs the script of an extension',
  CreateSubscriptionStmt: 'it reaches another server',
  DoStmt: 'it runs a block of code',
  DropSubscriptionStmt: 'it reaches another server',
  ImportForeignSchemaStmt: 'it reaches another server',
  LoadStmt: 'it loads a library',
}

function readTable(text: string): ReadonlyMap<string, Command> {
  const table = new Map<string, Command>()
  for (const line of text.trim().split('\n')) {
    const [head = '', kinds = '', ...objects] = line.split(' ')
    const type = head.replace('?', '')
    table.set(type, {
      kinds: kinds.split('+').filter((kind): kind is StatementKind => kind !== ''),
      objects,
      changes: !head.endsWith('?'),
      opaque: OPAQUE[type] ?? null,
    })
  }
  return table
}

/** What is known of every command but queries and changes of rows. */
export const COMMANDS: ReadonlyMap<string, Command> = readTable(TABLE)
