/** Kinds of statements policies speak about, also those hidden in others (CTEs, EXPLAIN ANALYZE, PREPARE, COPY of a query). */
export const STATEMENT_KINDS = [
  ...['select', 'insert', 'update', 'delete', 'merge', 'truncate', 'copy-in', 'copy-out', 'copy-program', 'copy-file'],
  ...['create', 'alter', 'drop', 'comment', 'grant', 'revoke', 'do', 'call', 'prepare', 'execute', 'deallocate'],
  ...['cursor', 'explain', 'explain-analyze', 'begin', 'commit', 'rollback', 'savepoint', 'set', 'show', 'reset'],
  ...[
    'lock',
    'listen',
    'notify',
    'vacuum',
    'analyze',
    'reindex',
    'cluster',
    'refresh',
    'checkpoint',
    'load',
    'discard',
  ],
  ...['select-into', 'select-for-update', 'system', 'security', 'replication', 'other'],
] as const
export type StatementKind = (typeof STATEMENT_KINDS)[number]

/**
 * What is known of a statement text: from its parse tree and, for what names mean, from a snapshot of the target's catalog. Plain
 * data; lists are sorted and without doubles, so that equal facts have equal JSON.
 */
export interface SqlFacts {
  /**
   * `clear`: all it does is known. `opaque`: understood, but it runs code whose effects are not known (DO, CALL, a function or
   * operator that is neither known to be harmless nor known for what it does, a view over one), or what its names mean is not known.
   * `unparsed`: the grammar does not understand it. A policy must name the latter two to allow them. Triggers, rules and defaults of
   * a relation that is written count as part of the writing.
   */
  readonly standing: 'clear' | 'opaque' | 'unparsed'
  /**
   * Known to change nothing, anywhere; never true of what is not `clear`. Transaction control is: COMMIT makes only permanent what was
   * allowed before it.
   */
  readonly readOnly: boolean
  /** Of all statements in the text. */
  readonly kinds: readonly StatementKind[]
  readonly statements: number
  /**
   * Relations, as the text names them: `schema.name`, or `name` where it leaves the schema to the search path; a part with a dot or a
   * quote in it is quoted as in SQL. CTE names are not among them. `writes` also has what is created, altered, dropped, truncated or
   * locked. What is updated, deleted from or merged into is in both.
   */
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  /** Column names it mentions, without their tables; `*` for a star or a whole row. */
  readonly columns: readonly string[]
  /**
   * Functions it calls by name (the server's own without `pg_catalog.`), and those of them whose effects are not known. What is known
   * to do something (`nextval`, `pg_sleep`, `pg_read_file`) is not among the latter; a kind tells of it where there is one.
   */
  readonly functions: readonly string[]
  readonly unknownFunctions: readonly string[]
  /** What changes rows without a WHERE: `update`, `delete`; a WHERE of constants only counts as none. */
  readonly unfiltered: readonly ('update' | 'delete')[]
  /** Kinds of objects that are created, altered or dropped, such as `table`, `index`, `database`, `role`. */
  readonly objects: readonly string[]
  /** Settings that SET, RESET, set_config, ALTER … SET touch, in lower case; `*` when it may be any of them. */
  readonly settings: readonly string[]
}

/** Facts with all that is made of them, made once: they are cached by text, and every statement is judged and recorded with them. */
export interface KnownFacts {
  readonly facts: SqlFacts
  /** Canonical JSON (RFC 8785) of `facts`. */
  readonly json: string
  /** Short, and equal for equal facts only: what decisions are cached by. */
  readonly key: string
  /** Of the parse tree without its constants; null of what the grammar does not understand. Made when first asked for. */
  readonly fingerprint: string | null
}
