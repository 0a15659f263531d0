import type { StoreRole } from './role-names'

type Verb = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'
/** Columns the verb is limited to; `true` means the whole table. */
type Grants = Partial<Record<Verb, true | readonly string[]>>

const READ: Grants = { SELECT: true }
const APPEND: Grants = { SELECT: true, INSERT: true }
/** What a proxy says when it opens a review. State, times and votes are not for it to say. */
const REVIEW_REQUEST = [
  ...['id', 'mode', 'subject', 'digest', 'principal_id', 'principal_name', 'principal_kind', 'human_id', 'human_name'],
  ...['run_id', 'run_label', 'token_id', 'session_id', 'op', 'worker_id', 'connection_id', 'connection_version'],
  ...['connection_name', 'facts', 'shape_digest', 'demands', 'policy_version', 'said'],
]
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
    policy_documents: {
      SELECT: true,
      INSERT: true,
      UPDATE: ['text', 'version', 'updated_at', 'updated_by', 'updated_by_name'],
      DELETE: true,
    },
    policy_versions: APPEND,
    // A state that no vote bears out is refused by a trigger, whoever writes it.
    reviews: { SELECT: true, UPDATE: ['state', 'close_reason'] },
    review_votes: APPEND,
    review_executions: READ,
    store_limits: READ,
    grants: { SELECT: true, INSERT: ['id', 'review_id'], UPDATE: ['revoked_at', 'revoked_by', 'revoked_by_name'] },
    connection_catalogs: READ,
    review_notices: {
      SELECT: true,
      INSERT: true,
      UPDATE: ['attempts', 'due_at', 'sent_to', 'last_error', 'done_at'],
      DELETE: true,
    },
  },
  proxy: {
    principals: { SELECT: true, UPDATE: ['last_seen_at'] },
    // Whether whoever approved something still may.
    role_groups: READ,
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
    policy_versions: READ,
    reviews: {
      SELECT: true,
      INSERT: REVIEW_REQUEST,
      UPDATE: ['state', 'close_reason', 'estimate', 'repeats', 'asked_at'],
    },
    review_votes: READ,
    review_executions: APPEND,
    store_limits: READ,
    grants: { SELECT: true, UPDATE: ['uses', 'last_used_at'] },
    connection_catalogs: { SELECT: true, INSERT: true, UPDATE: ['connection_version', 'snapshot', 'read_at'] },
    review_notices: { INSERT: true },
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
        'held',
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
  'guard_policy_version()': [],
  'guard_review()': [],
  'guard_vote()': [],
  'guard_execution()': [],
  'guard_grant()': [],
  // Called by the guards, as whoever writes.
  'requesters_of(reviews)': ['portal', 'proxy'],
  'votes_suffice(reviews)': ['portal', 'proxy'],
}
