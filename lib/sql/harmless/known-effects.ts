import type { StatementKind } from '../../domain/sql-facts'

/** Functions of the server that change something, and what kind of thing. `*` stands for any ending. */
const TABLE: Readonly<Record<string, string>> = {
  // Sequences, large objects, sleeping, a transaction number: they change something and have no kind of their own.
  none:
    'nextval setval lo_close lo_creat lo_create lo_from_bytea lo_get lo_lseek lo_lseek64 lo_open lo_put lo_tell lo_tell64 ' +
    'lo_truncate lo_truncate64 lo_unlink loread lowrite pg_sleep pg_sleep_for pg_sleep_until txid_current pg_current_xact_id',
  lock: 'pg_advisory_* pg_try_advisory_*',
  notify: 'pg_notify',
  // What it sets was found with its arguments.
  set: 'set_config',
  replication:
    'pg_create_logical_replication_slot pg_create_physical_replication_slot pg_copy_logical_replication_slot ' +
    'pg_copy_physical_replication_slot pg_drop_replication_slot pg_logical_slot_* pg_replication_origin_* ' +
    'pg_replication_slot_advance pg_logical_emit_message pg_sync_replication_slots',
  // Files, signals, backups, statistics, the write-ahead log.
  system:
    'lo_import lo_export pg_read_file pg_read_file_old pg_read_binary_file pg_ls_* pg_stat_file pg_file_* pg_current_logfile ' +
    'pg_cancel_backend pg_terminate_backend pg_reload_conf pg_rotate_logfile pg_rotate_logfile_old pg_log_* pg_promote ' +
    'pg_backup_* pg_start_backup pg_stop_backup pg_create_restore_point pg_switch_wal pg_wal_replay_pause pg_wal_replay_resume ' +
    'pg_export_snapshot pg_stat_reset* pg_clear_* pg_restore_* pg_import_system_collations brin_summarize_* ' +
    'brin_desummarize_range gin_clean_pending_list pg_hba_file_rules pg_ident_file_mappings pg_show_all_file_settings ' +
    'binary_upgrade_* pg_nextoid',
}

interface Effect {
  readonly kind: StatementKind | null
}

const EXACT = new Map<string, Effect>()
const PREFIXES: [string, Effect][] = []
for (const [kind, names] of Object.entries(TABLE)) {
  const effect: Effect = { kind: kind === 'none' ? null : (kind as StatementKind) }
  for (const name of names.split(' ')) {
    if (name.endsWith('*')) PREFIXES.push([name.slice(0, -1), effect])
    else EXACT.set(name, effect)
  }
}

/** What a function of the server that is not harmless does; null when that is not known. */
export function knownEffect(name: string): Effect | null {
  return EXACT.get(name) ?? PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? null
}
