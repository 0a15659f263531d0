CREATE TABLE "store_limits" (
	"name" text PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "store_limits_value" CHECK ("store_limits"."value" > 0)
);
--> statement-breakpoint
-- The same guards as before, by limits that the owner keeps in a table and no role can write. Where one is missing nothing is let through.
CREATE OR REPLACE FUNCTION guard_review() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb;
  may_change text[] := '{state,close_reason,decided_at,expires_at,estimate,repeats,asked_at}';
  approvable bigint := (SELECT value FROM store_limits WHERE name = 'approvableBytes');
  life interval := make_interval(secs => (SELECT value FROM store_limits WHERE name = 'reviewMs') / 1000.0);
BEGIN
  IF TG_OP = 'INSERT' THEN
    said := NEW.subject::jsonb;
    IF NEW.digest IS DISTINCT FROM sha256(convert_to(NEW.subject, 'UTF8'))
      OR (said ->> 'principal', said ->> 'human', said ->> 'run', said #>> '{connection,id}', said #>> '{connection,version}')
        IS DISTINCT FROM (NEW.principal_id, NEW.human_id, NEW.run_id, NEW.connection_id, NEW.connection_version::text)
    THEN RAISE EXCEPTION 'a review must say what its subject says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF octet_length(said ->> 'text') > coalesce(approvable, 0) THEN
      RAISE EXCEPTION 'a text of this length is not approvable' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF jsonb_typeof(NEW.demands) <> 'array' OR NEW.demands = '[]' OR EXISTS (
      SELECT FROM jsonb_array_elements(NEW.demands) d
      WHERE coalesce(d ->> 'group', '') = '' OR coalesce(d ->> 'policy', '') = '' OR coalesce((d ->> 'quorum')::integer, 0) < 1)
    THEN RAISE EXCEPTION 'a review must demand somebody' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.state := 'pending';
    NEW.close_reason := NULL;
    NEW.decided_at := NULL;
    NEW.opened_at := clock_timestamp();
    NEW.asked_at := NEW.opened_at;
    NEW.expires_at := NEW.opened_at + life;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'pending' OR to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change THEN
    RAISE EXCEPTION 'a review is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NOT (CASE NEW.state
    WHEN 'pending' THEN OLD.estimate IS NULL OR OLD.estimate = NEW.estimate
    WHEN 'approved' THEN OLD.expires_at > clock_timestamp() AND votes_suffice(OLD)
    WHEN 'rejected' THEN OLD.expires_at > clock_timestamp()
      AND EXISTS (SELECT FROM review_votes v WHERE v.review_id = OLD.id AND v.decision = 'reject')
    WHEN 'expired' THEN OLD.expires_at <= clock_timestamp()
    ELSE true
  END) THEN
    RAISE EXCEPTION 'nothing bears out that review % is %', OLD.id, NEW.state USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.decided_at := CASE NEW.state WHEN 'pending' THEN NULL ELSE clock_timestamp() END;
  NEW.expires_at := CASE NEW.state WHEN 'approved' THEN NEW.decided_at + life ELSE OLD.expires_at END;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION guard_grant() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  review reviews;
  minutes integer;
  most integer := coalesce((SELECT value FROM store_limits WHERE name = 'grantMinutes'), 0);
  may_change text[] := '{revoked_at,revoked_by,revoked_by_name,uses,last_used_at}';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change
      OR (OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)
    THEN RAISE EXCEPTION 'a grant is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.revoked_at IS DISTINCT FROM NEW.revoked_at THEN NEW.revoked_at := clock_timestamp(); END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO review FROM reviews WHERE id = NEW.review_id FOR UPDATE;
  IF review.state IS DISTINCT FROM 'approved' OR review.decided_at < now() OR review.shape_digest IS NULL OR EXISTS (
    SELECT FROM review_votes v WHERE v.review_id = review.id AND v.decision = 'approve' AND v.scope ->> 'kind' = 'once')
  THEN RAISE EXCEPTION 'no vote bears this grant out' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT min((v.scope ->> 'minutes')::integer) INTO minutes FROM review_votes v WHERE v.review_id = review.id;
  IF minutes IS NULL AND review.run_id IS NULL THEN
    RAISE EXCEPTION 'there is no run to grant this for' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.principal_id := review.principal_id;
  NEW.human_id := review.human_id;
  NEW.run_id := review.run_id;
  NEW.connection_id := review.connection_id;
  NEW.connection_version := review.connection_version;
  NEW.shape_digest := review.shape_digest;
  NEW.policies := ARRAY(SELECT DISTINCT d ->> 'policy' FROM jsonb_array_elements(review.demands) d ORDER BY 1);
  NEW.approvals := (
    SELECT jsonb_agg(jsonb_build_object(
      'principal', jsonb_build_object('id', v.voter_id, 'name', v.voter_name), 'groups', v.groups) ORDER BY v.voted_at)
    FROM review_votes v WHERE v.review_id = review.id AND v.decision = 'approve');
  NEW.created_at := review.decided_at;
  NEW.expires_at := review.decided_at
    + CASE WHEN minutes IS NULL THEN interval '12 hours' ELSE make_interval(mins => least(minutes, most)) END;
  NEW.revoked_at := NULL;
  NEW.uses := 0;
  RETURN NEW;
END
$$;
