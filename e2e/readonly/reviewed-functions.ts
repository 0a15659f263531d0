/** Volatile functions of the server that were looked at one by one and change nothing. `*` stands for any ending. */
export const HARMLESS_VOLATILE = (
  'array_sample array_shuffle clock_timestamp current_query currval gen_random_uuid lastval pg_blocking_pids ' +
  'pg_collation_actual_version pg_control_* pg_current_wal_* pg_database_collation_actual_version pg_database_size ' +
  'pg_get_aios pg_get_loaded_modules pg_get_shmem_allocations_numa pg_get_backend_memory_contexts pg_get_multixact_members pg_get_sequence_data pg_get_shmem_allocations pg_get_wait_events ' +
  'pg_get_wal_replay_pause_state pg_get_wal_resource_managers pg_get_wal_summarizer_state pg_indexes_size pg_is_in_recovery ' +
  'pg_is_wal_replay_paused pg_jit_available pg_last_* pg_lock_status pg_notification_queue_usage pg_partition_ancestors ' +
  'pg_partition_tree pg_prepared_xact pg_relation_size pg_replication_origin_session_is_setup pg_sequence_last_value ' +
  'pg_safe_snapshot_blocking_pids pg_show_replication_origin_status pg_stat_get_* pg_stat_have_stats pg_stat_clear_snapshot ' +
  'pg_table_size pg_tablespace_size pg_total_relation_size pg_xact_commit_timestamp* pg_xact_status random random_normal ' +
  'setseed timeofday timezone txid_status uuidv4 uuidv7'
).split(' ')

/**
 * Immutable and stable functions that are not harmless: they run queries that they are given or make up, use a type that is named at
 * run time, take a transaction number, compile code.
 */
export const NOT_HARMLESS = (
  '*_to_xml *_to_xmlschema *_to_xml_and_xmlschema pg_input_is_valid pg_input_error_info txid_current pg_current_xact_id ' +
  'fmgr_*_validator pg_event_trigger_* pg_tablespace_databases'
).split(' ')

/** Extensions whose functions in C were looked at, and what of theirs is harmless in spite of being volatile, or not in spite of not being. */
export const EXTENSIONS: Readonly<Record<string, { readonly harmless?: string; readonly not?: string }>> = {
  btree_gin: {},
  btree_gist: {},
  citext: {},
  cube: {},
  dict_int: {},
  dict_xsyn: {},
  earthdistance: {},
  fuzzystrmatch: {},
  hstore: {},
  intarray: {},
  isn: {},
  ltree: {},
  pg_stat_statements: { harmless: 'pg_stat_statements pg_stat_statements_info' },
  pg_trgm: {},
  pgcrypto: { harmless: 'gen_random_bytes gen_random_uuid gen_salt pgp_sym_encrypt* pgp_pub_encrypt*' },
  seg: {},
  tablefunc: { harmless: 'normal_rand', not: 'crosstab* connectby*' },
  tsm_system_rows: {},
  tsm_system_time: {},
  unaccent: {},
  'uuid-ossp': { harmless: 'uuid_generate_*' },
}

/** Whether a name is in such a list. */
export function isListed(list: readonly string[], name: string): boolean {
  return list.some((pattern) => {
    const [head = '', tail] = pattern.split('*')
    if (tail === undefined) return name === pattern
    return name.startsWith(head) && name.endsWith(tail) && name.length >= head.length + tail.length
  })
}
