import type { Guard, GuardTest } from './guard'

const TRIGGERS = 'drizzle/0003_review_guards.sql'
/** Where the guards of reviews and grants stand by now. */
const LATEST = 'drizzle/0005_store_limits.sql'
const TABLES = 'drizzle/0002_policies_and_reviews.sql'

const stolen = (name: string): GuardTest => ({ project: 'store', file: 'lib/db/review-guards.store.test.ts', name })

/** The same guards once more in the store itself, whoever writes. */
export const STORE_GUARDS: readonly Guard[] = [
  {
    name: 'store: a vote is that of another human',
    file: TRIGGERS,
    find: 'IF voter.id IS NULL OR voter.id = ANY (requesters_of(review)) THEN',
    replace: 'IF voter.id IS NULL THEN',
    test: stolen('a stolen portal role casts no vote of engineer'),
  },
  {
    name: 'store: a vote is that of a living person',
    file: TRIGGERS,
    find: "AND kind = 'person' AND disabled_at IS NULL;",
    replace: "AND kind = 'person';",
    test: stolen('a stolen portal role casts no vote of disabled'),
  },
  {
    name: 'store: a vote is that of an approver',
    file: TRIGGERS,
    find: `    OR NOT EXISTS (SELECT FROM role_groups g WHERE g.role = 'approver' AND g."group" = ANY (voter.groups))\n`,
    replace: '',
    test: stolen('a stolen portal role casts no vote of auditor'),
  },
  {
    name: 'store: a vote is for groups that the voter is in',
    file: TRIGGERS,
    find: "WHERE d ->> 'group' = 'role:approver' OR d ->> 'group' = ANY (voter.groups) ORDER BY 1);",
    replace: 'ORDER BY 1);',
    test: stolen('a stolen portal role casts no second vote of the same human'),
  },
  {
    name: 'store: one human has one vote',
    file: TABLES,
    find: 'CONSTRAINT "review_votes_review_id_voter_id_pk" PRIMARY KEY("review_id","voter_id"),',
    replace: '',
    test: stolen('a stolen portal role casts no second vote of the same human'),
  },
  {
    name: 'store: no vote on what is over',
    file: TRIGGERS,
    find: "IF review.state IS DISTINCT FROM 'pending' OR review.expires_at <= clock_timestamp() THEN",
    replace: "IF review.state IS DISTINCT FROM 'pending' THEN",
    test: stolen('what is over is over for everybody'),
  },
  {
    name: 'store: a vote is never rewritten',
    file: TRIGGERS,
    find: 'CREATE TRIGGER append_only BEFORE UPDATE ON review_votes FOR EACH ROW EXECUTE FUNCTION refuse_update();',
    replace: 'SELECT 1;',
    test: stolen('not even the owner rewrites a vote'),
  },
  {
    name: 'store: approved needs the votes',
    file: LATEST,
    find: "WHEN 'approved' THEN OLD.expires_at > clock_timestamp() AND votes_suffice(OLD)",
    replace: "WHEN 'approved' THEN OLD.expires_at > clock_timestamp()",
    test: stolen('makes nothing approved that is pending without what bears it out'),
  },
  {
    name: 'store: a quorum is of different humans',
    file: TRIGGERS,
    find: "WHERE (d ->> 'quorum')::integer > (",
    replace: 'WHERE 1 > (',
    test: stolen('an approval is the vote and nothing less'),
  },
  {
    name: 'store: a rejection stands',
    file: TRIGGERS,
    find: "SELECT NOT EXISTS (SELECT FROM review_votes v WHERE v.review_id = review.id AND v.decision = 'reject')",
    replace: 'SELECT true',
    test: stolen('an approval is the vote and nothing less'),
  },
  {
    name: 'store: what was decided stays decided',
    file: LATEST,
    find: "IF OLD.state <> 'pending' OR to_jsonb(OLD)",
    replace: 'IF to_jsonb(OLD)',
    test: stolen('a stolen proxy role makes nothing pending that is approved'),
  },
  {
    name: 'store: a review says what its subject says',
    file: LATEST,
    find: "IF NEW.digest IS DISTINCT FROM sha256(convert_to(NEW.subject, 'UTF8'))\n      OR",
    replace: 'IF',
    test: stolen(`opens no review that says { digest: 'sha256(\\'x\\')' }`),
  },
  {
    name: 'store: a review demands somebody',
    file: LATEST,
    find: "jsonb_typeof(NEW.demands) <> 'array' OR NEW.demands = '[]' OR EXISTS (",
    replace: "jsonb_typeof(NEW.demands) <> 'array' OR EXISTS (",
    test: stolen(`opens no review that says { demands: '\\'[]\\'' }`),
  },
  {
    name: 'store: an approval is used once',
    file: TABLES,
    find: `CREATE TABLE "review_executions" (
	"review_id" text PRIMARY KEY NOT NULL,`,
    replace: `CREATE TABLE "review_executions" (
	"review_id" text NOT NULL,`,
    test: stolen('uses an approval for what was approved, where it was asked, while it is good, once'),
  },
  {
    name: 'store: an approval is used for what was approved',
    file: TRIGGERS,
    find: ' OR review.digest <> NEW.digest\n',
    replace: '\n',
    test: stolen('uses an approval for what was approved, where it was asked, while it is good, once'),
  },
  {
    name: 'store: an approval is used where it was asked for',
    file: TRIGGERS,
    find: "    OR (review.mode = 'wait' AND review.session_id <> NEW.session_id)\n",
    replace: '',
    test: stolen('uses an approval for what was approved, where it was asked, while it is good, once'),
  },
  {
    name: 'store: an approval is used while it is good',
    file: TRIGGERS,
    find: "IF review.state IS DISTINCT FROM 'approved' OR review.expires_at <= clock_timestamp() OR",
    replace: "IF review.state IS DISTINCT FROM 'approved' OR",
    test: stolen('what is over is over for everybody'),
  },
  {
    name: 'store: a grant is made by the approval that means it',
    file: LATEST,
    find: "IF review.state IS DISTINCT FROM 'approved' OR review.decided_at < now() OR",
    replace: "IF review.state IS DISTINCT FROM 'approved' OR",
    test: stolen('makes no grant afterwards, and gives none back that was revoked'),
  },
  {
    name: 'store: a grant that is revoked stays revoked',
    file: LATEST,
    find: '      OR (OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)\n',
    replace: '',
    test: stolen('makes no grant afterwards, and gives none back that was revoked'),
  },
  {
    name: 'store: versions of the policies have no gaps',
    file: TRIGGERS,
    find: 'IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM policy_versions) THEN',
    replace: 'IF false THEN',
    test: stolen('keeps every set of policies, in order, without gaps'),
  },
  {
    name: 'store: the portal uses no approval',
    file: 'lib/db/privileges.ts',
    find: `    review_executions: READ,
    store_limits: READ,
    grants: { SELECT: true, INSERT`,
    replace: `    review_executions: APPEND,
    store_limits: READ,
    grants: { SELECT: true, INSERT`,
    test: stolen(`a stolen portal role may not: insert into review_executions (review_id) values ('x')`),
  },
  {
    name: 'store: the proxy casts no vote',
    file: 'lib/db/privileges.ts',
    find: `    review_votes: READ,
    review_executions: APPEND,`,
    replace: `    review_votes: APPEND,
    review_executions: APPEND,`,
    test: stolen('a stolen proxy role may not: () => vote(ids.pending, people.approver)'),
  },
]
