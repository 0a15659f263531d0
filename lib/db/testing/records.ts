import type { Sql } from '../client'

/** One event batch, one chunk and one audit event of now, written by whom it is permitted to write them. */
export async function seedRecords(recorder: Sql, portal: Sql, session: string): Promise<void> {
  const bytes = Buffer.from('{}')
  await recorder`
    insert into event_batches (session_id, first_seq, last_seq, first_at, last_at, codec, data, head)
    values (${session}, 0, 0, now(), now(), 0, ${bytes}, ${bytes})`
  await recorder`
    insert into recording_chunks (session_id, stream, "from", "to", at, codec, data, sha256)
    values (${session}, 'out', 0, 2, now(), 0, ${bytes}, ${bytes})`
  await portal`
    insert into audit_events (id, actor_id, actor_name, via, action, target_id)
    values (${`aud_${session}`}, 'pri_a', 'a', 'system', 'test.seed', ${session})`
}

/** A digest of every record there is: equal before and after means that nothing was written, changed or removed. */
export async function digestRecords(owner: Sql): Promise<string> {
  const [row] = await owner<{ digest: string }[]>`
    select md5(
      (select coalesce(string_agg(e::text, '|' order by e::text), '') from event_batches e) ||
      (select coalesce(string_agg(c::text, '|' order by c::text), '') from recording_chunks c) ||
      (select coalesce(string_agg(a::text, '|' order by a::text), '') from audit_events a)) as digest`
  return row?.digest ?? ''
}
