import type { Guard, GuardTest } from './guard'

const GRANT = 'lib/services/gateway/take-grant.ts'

const voting = (name: string): GuardTest => ({
  project: 'store',
  file: 'lib/services/reviews/reviews.store.test.ts',
  name,
})

/** Guards of grants: none is wider, longer or worth more than the approvals that made it. */
export const GRANT_GUARDS: readonly Guard[] = [
  {
    name: 'how far an approval reaches is bounded',
    file: 'lib/services/reviews/approval-scope.ts',
    find: '.max(grantMinutes)',
    replace: '',
    test: voting('a grant needs a shape, a run where it is for one, and minutes within the limit'),
  },
  ...(
    [
      ['principal', 'eq(grants.principalId, subject.principal),', 'principal'],
      ['human', 'eq(grants.humanId, subject.human),', 'human'],
      ['connection', 'eq(grants.connectionId, subject.connection.id),', 'connection'],
      ['connection version', 'eq(grants.connectionVersion, subject.connection.version),', 'connection version'],
      ['run', 'or(isNull(grants.runId), subject.run === null ? undefined : eq(grants.runId, subject.run)),', 'run'],
    ] as const
  ).map(
    ([what, find, test]): Guard => ({
      name: `a grant is for one ${what}`,
      file: GRANT,
      find,
      replace: '',
      test: voting(`a grant does not cover another ${test}`),
    }),
  ),
  {
    name: 'a grant is for one shape',
    file: GRANT,
    find: 'eq(grants.shapeDigest, shapeDigest),',
    replace: '',
    test: voting('a grant does not cover another fingerprint'),
  },
  {
    name: 'a grant is for one meaning of names',
    file: 'lib/crypto/review-digest.ts',
    find: 'return sha256(canonicalJson({ database, state, shape } as unknown as Json))',
    replace: 'return sha256(canonicalJson({ database, role: state.role, shape } as unknown as Json))',
    test: voting('a grant does not cover another search_path'),
  },
  {
    name: 'a grant that is revoked covers nothing',
    file: GRANT,
    find: 'isNull(grants.revokedAt),',
    replace: '',
    test: voting('a grant ends when it is revoked, by whom it may, once'),
  },
  {
    name: 'a grant ends by the store’s clock',
    file: GRANT,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'sql`${grants.expiresAt} > clock_timestamp()`,',
    replace: '',
    test: voting('a grant lets the same shape through without asking, for its minutes, counted'),
  },
  {
    name: 'a grant lifts the policies it was given for, with the quorum they demand now',
    file: GRANT,
    find: 'if (!demands.every(({ policy }) => policies.includes(policy))) continue',
    replace: '',
    test: voting('a grant does not cover another policy'),
  },
  {
    name: 'a grant has the quorum that is demanded now',
    file: GRANT,
    find: 'if (demandsMet(demands, standing)) return {',
    replace: 'return {',
    test: voting('a grant does not cover a greater quorum'),
  },
  {
    name: 'a grant is as narrow as the narrowest approval',
    file: 'lib/domain/quorum.ts',
    find: 'if (once !== undefined) return once',
    replace: '',
    test: voting('a grant reaches as far as everybody who approved meant it to'),
  },
  {
    name: 'a grant is revoked by whom it may',
    file: 'lib/services/grants/revoke.ts',
    find: 'if (!mayRevoke(inside, row))',
    replace: 'if (false)',
    test: voting('a grant ends when it is revoked, by whom it may, once'),
  },
  {
    name: 'a grant counts while its human may approve',
    file: GRANT,
    find: 'await standingApprovals(db, reviewId, approvals)',
    replace: 'approvals',
    test: voting('a grant is worth no more than whoever gave it'),
  },
]
