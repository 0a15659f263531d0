-- Bytes that are compressed already are not worth a second try.
ALTER TABLE event_batches ALTER COLUMN data SET STORAGE EXTERNAL;
--> statement-breakpoint
ALTER TABLE recording_chunks ALTER COLUMN data SET STORAGE EXTERNAL;
--> statement-breakpoint
-- What no partition is made for yet is kept all the same.
CREATE TABLE event_batches_default PARTITION OF event_batches DEFAULT;
--> statement-breakpoint
CREATE TABLE recording_chunks_default PARTITION OF recording_chunks DEFAULT;
--> statement-breakpoint
CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT;
--> statement-breakpoint
-- Records are never changed, not by mistake of the owner either. Rows leave only with their partition or by DELETE.
CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'records in % are append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE ON event_batches FOR EACH ROW EXECUTE FUNCTION refuse_update();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE ON recording_chunks FOR EACH ROW EXECUTE FUNCTION refuse_update();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_update();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE ON connection_versions FOR EACH ROW EXECUTE FUNCTION refuse_update();
--> statement-breakpoint
-- Makes the monthly partitions (UTC) from last month to `months` ahead, with what already waits in the default partition.
-- Returns how many it made.
CREATE FUNCTION ensure_partitions(months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  parent record;
  start timestamptz;
  stop timestamptz;
  part text;
  made integer := 0;
BEGIN
  IF months IS NULL OR months < 0 OR months > 24 THEN
    RAISE EXCEPTION 'months must be 0 to 24' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- One at a time: the second finds what the first has made.
  PERFORM pg_advisory_xact_lock(726351, 2);
  FOR parent IN SELECT * FROM (VALUES ('event_batches', 'first_at'), ('recording_chunks', 'at'), ('audit_events', 'at')) v(name, key)
  LOOP
    FOR n IN -1..months LOOP
      start := date_trunc('month', now()) + make_interval(months => n);
      stop := start + interval '1 month';
      part := format('%s_%s', parent.name, to_char(start, 'YYYYMM'));
      CONTINUE WHEN to_regclass(format('public.%I', part)) IS NOT NULL;
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING STORAGE)', part, parent.name);
      EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', parent.name || '_default');
      EXECUTE format(
        'WITH moved AS (DELETE FROM public.%I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO public.%I SELECT * FROM moved',
        parent.name || '_default', parent.key, start, parent.key, stop, part);
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', parent.name, part, start, stop);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;
--> statement-breakpoint
-- Drops the monthly partitions of recordings that end at or before `before`. Returns their names.
CREATE FUNCTION drop_recordings(before timestamptz) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  part record;
  dropped text[] := '{}';
BEGIN
  IF before IS NULL OR before > now() THEN
    RAISE EXCEPTION 'before must not lie in the future' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR part IN
    SELECT c.relname AS name
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('public.event_batches'::regclass, 'public.recording_chunks'::regclass)
      AND c.relname ~ '_[0-9]{6}$'
      AND to_date(right(c.relname, 6), 'YYYYMM')::timestamptz + interval '1 month' <= before
    ORDER BY 1
  LOOP
    EXECUTE format('DROP TABLE public.%I', part.name);
    dropped := dropped || part.name;
  END LOOP;
  RETURN dropped;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION refuse_update(), ensure_partitions(integer), drop_recordings(timestamptz) FROM PUBLIC;
--> statement-breakpoint
SELECT ensure_partitions(3);
