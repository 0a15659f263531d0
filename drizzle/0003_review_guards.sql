-- What is kept forever stays as it was written.
CREATE TRIGGER append_only BEFORE UPDATE ON policy_versions FOR EACH ROW EXECUTE FUNCTION refuse_update();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE ON review_votes FOR EACH ROW EXECUTE FUNCTION refuse_update();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE ON review_executions FOR EACH ROW EXECUTE FUNCTION refuse_update();
--> statement-breakpoint
CREATE FUNCTION guard_policy_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM policy_versions) THEN
    RAISE EXCEPTION 'versions of the policies have no gaps' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.changed_at := clock_timestamp();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON policy_versions FOR EACH ROW EXECUTE FUNCTION guard_policy_version();
--> statement-breakpoint
-- The humans who stand behind a review's requester, now and when it asked: none of them votes on it.
CREATE FUNCTION requesters_of(review reviews) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ARRAY[review.human_id, review.principal_id]
    || ARRAY(SELECT owner_id FROM principals WHERE id = review.principal_id AND owner_id IS NOT NULL)
    || ARRAY(SELECT created_by FROM access_tokens WHERE id = review.token_id)
$$;
--> statement-breakpoint
-- True when every demand of the review has its quorum of different humans, and nobody rejected it.
CREATE FUNCTION votes_suffice(review reviews) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM review_votes v WHERE v.review_id = review.id AND v.decision = 'reject')
    AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(review.demands) d
      WHERE (d ->> 'quorum')::integer > (
        SELECT count(DISTINCT v.voter_id) FROM review_votes v
        WHERE v.review_id = review.id AND v.decision = 'approve' AND d ->> 'group' = ANY (v.groups)))
$$;
--> statement-breakpoint
-- A review begins pending, says what its subject says, and reaches only states that votes or the clock bear out, whoever asks.
CREATE FUNCTION guard_review() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb;
  may_change text[] := '{state,close_reason,decided_at,expires_at,estimate,repeats,asked_at}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    said := NEW.subject::jsonb;
    IF NEW.digest IS DISTINCT FROM sha256(convert_to(NEW.subject, 'UTF8'))
      OR (said ->> 'principal', said ->> 'human', said ->> 'run', said #>> '{connection,id}', said #>> '{connection,version}')
        IS DISTINCT FROM (NEW.principal_id, NEW.human_id, NEW.run_id, NEW.connection_id, NEW.connection_version::text)
    THEN RAISE EXCEPTION 'a review must say what its subject says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF octet_length(said ->> 'text') > 65536 * 4 / 3 + 4 THEN
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
    NEW.expires_at := NEW.opened_at + interval '15 minutes';
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
  NEW.expires_at := CASE NEW.state WHEN 'approved' THEN NEW.decided_at + interval '15 minutes' ELSE OLD.expires_at END;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION guard_review();
--> statement-breakpoint
-- A vote is that of a living person with the approver role, in a demanded group, who does not stand behind the requester.
CREATE FUNCTION guard_vote() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  review reviews;
  voter principals;
BEGIN
  SELECT * INTO review FROM reviews WHERE id = NEW.review_id FOR UPDATE;
  IF review.state IS DISTINCT FROM 'pending' OR review.expires_at <= clock_timestamp() THEN
    RAISE EXCEPTION 'this review is not open' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT * INTO voter FROM principals WHERE id = NEW.voter_id AND kind = 'person' AND disabled_at IS NULL;
  IF voter.id IS NULL OR voter.id = ANY (requesters_of(review)) THEN
    RAISE EXCEPTION 'this vote is not one of another human' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.groups := ARRAY(
    SELECT DISTINCT d ->> 'group' FROM jsonb_array_elements(review.demands) d
    WHERE d ->> 'group' = 'role:approver' OR d ->> 'group' = ANY (voter.groups) ORDER BY 1);
  IF NEW.groups = '{}'
    OR NOT EXISTS (SELECT FROM role_groups g WHERE g.role = 'approver' AND g."group" = ANY (voter.groups))
  THEN RAISE EXCEPTION 'this human is not asked' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.voter_name := voter.name;
  NEW.voted_at := clock_timestamp();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON review_votes FOR EACH ROW EXECUTE FUNCTION guard_vote();
--> statement-breakpoint
-- An approval is used for what was approved, while it is good, and where it was asked.
CREATE FUNCTION guard_execution() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  review reviews;
BEGIN
  SELECT * INTO review FROM reviews WHERE id = NEW.review_id FOR UPDATE;
  IF review.state IS DISTINCT FROM 'approved' OR review.expires_at <= clock_timestamp() OR review.digest <> NEW.digest
    OR (review.mode = 'wait' AND review.session_id <> NEW.session_id)
  THEN RAISE EXCEPTION 'this approval does not cover that' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.executed_at := clock_timestamp();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON review_executions FOR EACH ROW EXECUTE FUNCTION guard_execution();
--> statement-breakpoint
-- A grant is filled in from its review and the votes, in the transaction that approves it; later it can only be used and revoked.
CREATE FUNCTION guard_grant() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  review reviews;
  minutes integer;
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
    + CASE WHEN minutes IS NULL THEN interval '12 hours' ELSE make_interval(mins => least(minutes, 480)) END;
  NEW.revoked_at := NULL;
  NEW.uses := 0;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION guard_grant();
--> statement-breakpoint
REVOKE ALL ON FUNCTION guard_policy_version(), guard_review(), guard_vote(), guard_execution(), guard_grant(),
  requesters_of(reviews), votes_suffice(reviews) FROM PUBLIC;
