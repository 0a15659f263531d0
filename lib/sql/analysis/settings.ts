import type { Findings } from './findings'

/** Settings of the session that change nothing but how it reads, shows and plans. */
const HARMLESS = new Set(
  (
    'application_name bytea_output client_encoding client_min_messages constraint_exclusion cpu_index_tuple_cost ' +
    'cpu_operator_cost cpu_tuple_cost cursor_tuple_fraction datestyle effective_cache_size effective_io_concurrency ' +
    'enable_async_append enable_bitmapscan enable_distinct_reordering enable_gathermerge enable_group_by_reordering ' +
    'enable_hashagg enable_hashjoin enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material ' +
    'enable_memoize enable_mergejoin enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning ' +
    'enable_partitionwise_aggregate enable_partitionwise_join enable_presorted_aggregate enable_self_join_elimination ' +
    'enable_seqscan enable_sort enable_tidscan escape_string_warning exit_on_error extra_float_digits from_collapse_limit ' +
    'geqo geqo_effort geqo_generations geqo_pool_size geqo_seed geqo_selection_bias geqo_threshold gin_fuzzy_search_limit ' +
    'hash_mem_multiplier icu_validation_level idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit ' +
    'jit_above_cost jit_expressions jit_inline_above_cost jit_optimize_above_cost jit_tuple_deforming join_collapse_limit ' +
    'lc_monetary lc_numeric lc_time lock_timeout logical_decoding_work_mem max_parallel_workers_per_gather ' +
    'maintenance_io_concurrency min_parallel_index_scan_size min_parallel_table_scan_size parallel_leader_participation ' +
    'parallel_setup_cost parallel_tuple_cost plan_cache_mode quote_all_identifiers random_page_cost ' +
    'recursive_worktable_factor row_security search_path seq_page_cost statement_timeout synchronize_seqscans timezone ' +
    'timezone_abbreviations transaction_deferrable default_transaction_deferrable transaction_isolation ' +
    'default_transaction_isolation transaction_timeout work_mem xmlbinary xmloption'
  ).split(' '),
)

/** Harmless only where they are set to this. A whole number never counts: texts that differ in them share their facts. */
const HARMLESS_VALUES: Readonly<Record<string, readonly string[]>> = {
  standard_conforming_strings: ['on', 'true', 'yes'],
  transaction_read_only: ['on', 'true', 'yes'],
  default_transaction_read_only: ['on', 'true', 'yes'],
}

/** Settings that say who somebody is or whether triggers guard. */
const SECURITY = new Set(['role', 'session_authorization', 'session_replication_role'])

/** Names that the server itself still takes for another. */
const OLD_NAMES: Readonly<Record<string, string>> = { sort_mem: 'work_mem', vacuum_mem: 'maintenance_work_mem' }

/** Settings that say what another one is from the next transaction on. */
const FOLLOWED: Readonly<Record<string, string>> = {
  default_transaction_isolation: 'transaction_isolation',
  default_transaction_read_only: 'transaction_read_only',
  default_transaction_deferrable: 'transaction_deferrable',
}

/** Adds a setting that is touched. `value`: what it is set to, if that is known; `*` as name: any of them. */
export function addSetting(found: Findings, name: string, value: string | null): void {
  const lower = name.toLowerCase()
  const setting = OLD_NAMES[lower] ?? lower
  found.settings.add(setting)
  const followed = FOLLOWED[setting]
  if (followed !== undefined) found.settings.add(followed)
  if (SECURITY.has(setting)) found.kinds.add('security')
  const values = HARMLESS_VALUES[setting]
  const harmless = values ? value !== null && values.includes(value.toLowerCase()) : HARMLESS.has(setting)
  if (!harmless) found.changes = true
}
