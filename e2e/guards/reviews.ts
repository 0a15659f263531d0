import type { Guard, GuardTest } from './guard'

const OPEN = 'lib/services/gateway/open-review.ts'
const CLAIM = 'lib/services/gateway/claim-review.ts'
const VOTE = 'lib/services/reviews/cast-vote.ts'
const VOTING = 'lib/services/reviews/voting.ts'

const voting = (name: string): GuardTest => ({
  project: 'store',
  file: 'lib/services/reviews/reviews.store.test.ts',
  name,
})
const gateway = (name: string): GuardTest => ({
  project: 'store',
  file: 'lib/services/gateway/reviews.store.test.ts',
  name,
})
const subject = (name: string): GuardTest => ({ project: 'unit', file: 'lib/crypto/review-digest.test.ts', name })
const shown = (name: string): GuardTest => ({ project: 'unit', file: 'lib/domain/dangerous-text.test.ts', name })

/** Guards of the services: who may approve what, for how long, and what an approval lets through. */
export const REVIEW_GUARDS: readonly Guard[] = [
  {
    name: 'whoever stands behind a request does not decide about it',
    file: VOTING,
    find: "if (review.requesters.includes(actor.principal.id)) return 'requester'",
    replace: '',
    test: voting('the human behind a request does not decide about it with every role, by browser and by token'),
  },
  {
    name: 'whoever minted the token stands behind what it asks for',
    file: 'drizzle/0003_review_guards.sql',
    find: '    || ARRAY(SELECT created_by FROM access_tokens WHERE id = review.token_id)\n',
    replace: '',
    test: voting('the human behind a request does not decide about it as whoever minted the token'),
  },
  {
    name: 'an attempt to approve one’s own request is on record',
    file: VOTE,
    find: "else if (found !== 'voted' && found !== 'closed') await recordRefusal(inside, row, ballot, found)",
    replace: '',
    test: voting('the human behind a request does not decide about it as the requester themselves'),
  },
  {
    name: 'only people with the role approver decide',
    file: VOTING,
    find: "actor.principal.kind !== 'person' || !may(actor, 'reviews:decide')",
    replace: 'false',
    test: voting('approving is not for the operator, nor for Sallyport itself'),
  },
  {
    name: 'only people of a demanded group decide',
    file: VOTING,
    find: `  if (!review.demands.some(({ group }) => group === 'role:approver' || actor.principal.groups.includes(group)))
    return 'not-asked'
`,
    replace: '',
    test: voting('approving is not for approvers whom the policy does not ask, and that is recorded'),
  },
  {
    name: 'one human votes once',
    file: VOTING,
    find: "if (review.voters.includes(actor.principal.id)) return 'voted'",
    replace: '',
    test: voting('approving needs the quorum of every group, of different humans, each of whom votes once'),
  },
  {
    name: 'a review is approved once every demand has its quorum',
    file: 'lib/domain/quorum.ts',
    find: 'return demands.every(({ group, quorum }) => countApprovals(group, approvals) >= quorum)',
    replace: 'return demands.some(({ group, quorum }) => countApprovals(group, approvals) >= quorum)',
    test: gateway(
      'an approval falls when the connection changes, when other policies are in force, and when they demand more',
    ),
  },
  {
    name: 'a quorum counts humans, not votes',
    file: 'lib/domain/quorum.ts',
    find: 'return new Set(approvals.filter(({ groups }) => groups.includes(group)).map(({ principal }) => principal.id)).size',
    replace: 'return approvals.filter(({ groups }) => groups.includes(group)).length',
    test: { project: 'unit', file: 'lib/domain/quorum.test.ts', name: 'counts different humans, not votes' },
  },
  {
    name: 'one rejection is enough',
    file: VOTE,
    find: "ballot.decision === 'reject' ? 'rejected' :",
    replace: '',
    test: voting('approving is over after a rejection, and the other way round'),
  },
  {
    name: 'what is over is not voted on',
    file: VOTING,
    find: "return review.open ? null : 'closed'",
    replace: 'return null',
    test: voting('approving is over when its time is over, marked or not'),
  },
  {
    name: 'only the human behind the requester takes a request back',
    file: 'lib/services/reviews/cancel.ts',
    find: 'if (review.humanId !== inside.actor.principal.id)',
    replace: 'if (false)',
    test: voting('and only they take it back, while it is open'),
  },
  {
    name: 'what cannot be shown to the last byte is not approvable',
    file: OPEN,
    find: "if (unfit !== null) return { kind: 'refused', reason: unfit }",
    replace: '',
    test: gateway('opening a review is refused where a part cannot be shown'),
  },
  {
    name: 'what is too long to read is not approvable',
    file: 'lib/domain/approvable.ts',
    find: 'if (bytes > approvableBytes)',
    replace: 'if (bytes > 10 * approvableBytes)',
    test: gateway('opening a review of 65537 bytes ends refused'),
  },
  {
    name: 'a principal has so many pending reviews and no more',
    file: OPEN,
    find: 'if ((waiting?.n ?? 0) >= pendingReviews)',
    replace: 'if (false)',
    test: gateway('opening a review is refused beyond five pending of a principal, however many ask at once'),
  },
  {
    name: 'requests of one principal are counted one at a time',
    file: OPEN,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'await inside.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`reviews:${principal}`}, 0))`)',
    replace: '',
    test: gateway('opening a review is refused beyond five pending of a principal, however many ask at once'),
  },
  {
    name: 'duplicates merge',
    file: OPEN,
    find: '(await joinPending(inside, request, digest)) ?? open(',
    replace: 'open(',
    test: gateway('opening a review merges the identical operation of the same session'),
  },
  {
    name: 'nobody is asked by policies that are no longer in force',
    file: OPEN,
    find: "if (version !== request.policyVersion) return { kind: 'stale-policies', version }",
    replace: '',
    test: gateway('opening a review is refused by a set of policies that is not in force'),
  },
  {
    name: 'nobody is asked about a connection that was changed',
    file: OPEN,
    find: 'if (connection?.version !== subject.connection.version)',
    replace: 'if (false)',
    test: gateway('opening a review is refused by a set of policies that is not in force'),
  },
  {
    name: 'an approval is used once, also by the store’s key',
    file: CLAIM,
    find: "if (user !== null) return sameOperation(user, claim) ? claimed : refused('used')",
    replace: '',
    test: gateway('an approval is used once, however many try at the same moment'),
  },
  {
    name: 'whoever asks again is the same operation',
    file: CLAIM,
    find: "return sameOperation(user, claim) ? claimed : refused('used')",
    replace: 'return claimed',
    test: gateway('an approval is the same operation’s when it asks again'),
  },
  {
    name: 'an approval is for exactly what was approved',
    file: CLAIM,
    find: "if (Buffer.from(review.digest).toString('hex') !== claim.digest) return 'changed'",
    replace: '',
    test: gateway('an approval covers no other text'),
  },
  {
    name: 'an approval is good for its time',
    file: CLAIM,
    find: "if (review.expired) return 'expired'",
    replace: '',
    test: gateway('an approval is good for 15 minutes'),
  },
  {
    name: 'an approval of what waits is good where it waits',
    file: CLAIM,
    find: "if (review.mode === 'wait' && review.sessionId !== claim.sessionId) return 'elsewhere'",
    replace: '',
    test: gateway('an approval of one that waits is good in its session only'),
  },
  {
    name: 'nothing runs on a review that is not approved',
    file: CLAIM,
    find: "if (review.state !== 'approved') return 'not-approved'",
    replace: '',
    test: gateway('an approval is not given by anything but votes'),
  },
  {
    name: 'an approval falls with the connection’s version',
    file: CLAIM,
    find: "return found?.version === review?.connectionVersion ? null : 'connection-changed'",
    replace: 'return found === null ? null : null',
    test: gateway('an approval falls when the connection changes'),
  },
  {
    name: 'an approval is used under the policies in force',
    file: CLAIM,
    find: "if (version !== claim.policyVersion) return { kind: 'stale-policies', version }",
    replace: '',
    test: gateway('an approval falls when the connection changes'),
  },
  {
    name: 'an approval lifts what the policies demand now',
    file: CLAIM,
    find: "if (!demandsMet(claim.demands, standing)) return refused('unmet')",
    replace: '',
    test: gateway('an approval falls when the connection changes'),
  },
  {
    name: 'what was decided is not closed',
    file: 'lib/services/gateway/close-reviews.ts',
    find: ".where(and(eq(reviews.state, 'pending'), which(closing)))",
    replace: '.where(which(closing))',
    test: {
      project: 'store',
      file: 'proxy/adapters/holds.store.test.ts',
      name: 'closing cancels what is pending, and leaves what was decided',
    },
  },
  {
    name: 'what waits closes with its session',
    file: 'lib/services/gateway/close-reviews.ts',
    find: "if ('sessionId' in closing) return and(waits, eq(reviews.sessionId, closing.sessionId))",
    replace: "if ('sessionId' in closing) return and(waits, eq(reviews.sessionId, 'ses_'))",
    test: gateway('a pending review closes with its session or its worker when its client waits'),
  },
  {
    name: 'what waits closes when its connection changes',
    file: 'lib/services/connections/update.ts',
    find: "await closeReviews(ctx, { connectionId: before.id, why: 'connection-changed' })",
    replace: '',
    test: voting('the inbox closes what waits when its connection changes'),
  },
  {
    name: 'a time that is over counts, marked or not',
    file: 'lib/services/gateway/read-review-outcomes.ts',
    find: "in ('pending', 'approved') and",
    replace: "in ('approved') and",
    test: gateway('a pending review is over by the store’s clock, marked or not'),
  },
  {
    name: 'every part of a subject is in its digest',
    file: 'lib/crypto/review-digest.ts',
    find: 'const text = canonicalJson(subject as unknown as Json)',
    replace: 'const text = canonicalJson({ text: subject.text } as unknown as Json)',
    test: subject('every part of what is approved changes the digest'),
  },
  ...(
    [
      [
        'characters that turn the reading direction',
        "if (BIDI.test(character)) return 'bidi'",
        'right-to-left override',
      ],
      ['characters that are not seen', "if (INVISIBLE.test(character)) return 'invisible'", 'zero width space'],
      ['characters that move the cursor', "if (CONTROL.test(character)) return 'control'", 'carriage return alone'],
      ['letters of another script', 'if (FOREIGN.test(character)) found.add(at)', 'Cyrillic letter in a Latin word'],
      ['signs that pass for those of SQL', "if (SIGNS.test(character)) return 'look-alike'", 'curly quote'],
    ] as const
  ).map(
    ([what, find, test]): Guard => ({
      name: `${what} are flagged`,
      file: 'lib/domain/dangerous-text.ts',
      find,
      replace: '',
      test: shown(`a text that somebody decides about has its ${test}`),
    }),
  ),
  {
    name: 'requests of other sites change nothing',
    file: 'lib/auth/origin.ts',
    find: "if (headers.get('origin') === new URL(env.SALLYPORT_URL).origin) return",
    replace: "if (headers.get('origin')?.startsWith(env.SALLYPORT_URL)) return",
    test: {
      project: 'store',
      file: 'app/api/v1/routes.store.test.ts',
      name: 'with a cookie needs the portal’s own Origin',
    },
  },
  {
    name: 'nobody frames the portal',
    file: 'lib/auth/security-headers.ts',
    find: `    "frame-ancestors 'none'",\n`,
    replace: '',
    test: {
      project: 'unit',
      file: 'lib/auth/security-headers.test.ts',
      name: 'let nobody frame the portal or change its base',
    },
  },
  ...(
    [
      ['is not disabled', 'isNull(principals.disabledAt),', 'is disabled before it is used'],
      ['is still an approver', 'exists(approver),', 'is no approver any more before it is used'],
      [
        'is still in the group that was asked',
        "groups.filter((group) => group === 'role:approver' || person?.groups.includes(group))",
        'has left the group that was asked',
      ],
    ] as const
  ).map(
    ([what, find, test]): Guard => ({
      name: `an approval counts while its human ${what}`,
      file: 'lib/services/gateway/standing-approvals.ts',
      find,
      replace: find.startsWith('groups') ? 'groups' : '',
      test: gateway(`an approval falls with who gave it when that human ${test}`),
    }),
  ),
  {
    name: 'an approval counts while its human does not stand behind the request by now',
    file: 'lib/services/gateway/standing-approvals.ts',
    find: 'sql`not ',
    replace: 'sql`true or ',
    test: gateway('an approval falls with who gave it when that human answers for the requester by now'),
  },
  {
    name: 'tickets close when the policies hold them no more',
    file: 'proxy/adapters/stale-tickets.ts',
    find: "changeOf(recordedVerdict()(verdict, policies.version), demands) !== 'none'",
    replace: 'policies.version < 0',
    test: {
      project: 'store',
      file: 'proxy/adapters/stale-tickets.store.test.ts',
      name: 'and these hold it no more',
    },
  },
]
