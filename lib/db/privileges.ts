import type { StoreRole } from './role-names'

type Verb = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'
/** Columns the verb is limited to; `true` means the whole table. */
type Grants = Partial<Record<Verb, true | readonly string[]>>

const READ: Grants = { SELECT: true }
const APPEND: Grants = { SELECT: true, INSERT: true }
const EXPIRE: Grants = { SELECT: true, DELETE: true }

/**
 * Everything a role may do, table by table. What is not here is refused: nobody has UPDATE on a record, the portal has no INSERT
 * on one, and sealed secrets are readable to the proxy alone.
 */
export const PRIVILEGES: Readonly<Record<StoreRole, Readonly<Record<string, Grants>>>> = {
  portal: {
    principals: {
      SELECT: true,
      INSERT: true,
      UPDATE: ['name', 'email', 'owner_id', 'groups', 'disabled_at', 'last_seen_at'],
    },
    accounts: APPEND,
    sign_ins: { SELECT: true, INSERT: true, UPDATE: ['expires_at'], DELETE: true },
    role_groups: { SELECT: true, INSERT: true, DELETE: true },
    runs: APPEND,
    access_tokens: { SELECT: true, INSERT: true, UPDATE: ['revoked_at', 'last_used_at'] },
    device_logins: {
      SELECT: true,
      INSERT: true,
      UPDATE: ['principal_id', 'denied_at', 'consumed_at', 'polled_at'],
      DELETE: true,
    },
    connections: { SELECT: true, INSERT: true, UPDATE: true },
    connection_versions: APPEND,
    connection_secrets: {
      SELECT: ['connection_id', 'field', 'key_id', 'fingerprint', 'updated_at'],
      INSERT: true,
      UPDATE: ['key_id', 'sealed', 'fingerprint', 'updated_at'],
      DELETE: true,
    },
    sealing_keys: READ,
    connection_tests: APPEND,
    workers: READ,
    sessions: READ,
    session_end_requests: APPEND,
    event_batches: READ,
    recording_chunks: READ,
    audit_events: APPEND,
  },
  proxy: {
    principals: { SELECT: true, UPDATE: ['last_seen_at'] },
    sign_ins: { SELECT: ['id', 'principal_id', 'created_at', 'expires_at'] },
    runs: READ,
    access_tokens: { SELECT: true, UPDATE: ['last_used_at'] },
    connections: { SELECT: true, UPDATE: ['last_used_at'] },
    connection_versions: READ,
    connection_secrets: READ,
    sealing_keys: APPEND,
    connection_tests: { SELECT: true, UPDATE: ['worker_id', 'state', 'steps', 'finished_at'] },
    workers: { SELECT: true, INSERT: true, UPDATE: ['lease_until', 'stopped_at'] },
    sessions: READ,
    session_end_requests: READ,
    audit_events: { INSERT: true },
  },
  recorder: {
    workers: READ,
    sessions: {
      SELECT: true,
      INSERT: true,
      UPDATE: [
        'ended_at',
        'end_reason',
        'end_detail',
        'last_event_at',
        'last_seq',
        'head',
        'out_bytes',
        'in_bytes',
        'stored_bytes',
        'operations',
        'refused',
        'failed',
        'rows',
        'in_flight',
      ],
    },
    event_batches: APPEND,
    recording_chunks: APPEND,
  },
  retention: {
    sessions: EXPIRE,
    session_end_requests: EXPIRE,
    connection_tests: EXPIRE,
    workers: EXPIRE,
    device_logins: EXPIRE,
    event_batches: EXPIRE,
    recording_chunks: EXPIRE,
    audit_events: APPEND,
  },
}

/** Functions of the store that only these roles may call. */
export const FUNCTION_GRANTS: Readonly<Record<string, readonly StoreRole[]>> = {
  'ensure_partitions(integer)': ['retention'],
  'drop_recordings(timestamptz)': ['retention'],
  'refuse_update()': [],
}
