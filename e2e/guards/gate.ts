import type { Guard, GuardTest } from './guard'

const HOLD = 'proxy/core/gate-hold.ts'
const RULES = 'proxy/core/gate-hold-rules.ts'
const RULINGS = 'proxy/core/gate-rulings.ts'

const held = (name: string): GuardTest => ({ project: 'unit', file: 'proxy/core/gate-hold.test.ts', name })
const ends = (name: string): GuardTest => ({ project: 'unit', file: 'proxy/core/gate-hold-ends.test.ts', name })
const judged = (name: string): GuardTest => ({ project: 'store', file: 'proxy/adapters/policies.store.test.ts', name })

/** Guards of the gate: what is held, and what an approval is good for. */
export const GATE_GUARDS: readonly Guard[] = [
  {
    name: 'an approval is used once',
    file: HOLD,
    find: "return claimed.state === 'claimed' ? this.#release(review, outcome, verdict) : this.#refused(review, claimed)",
    replace: 'return this.#release(review, outcome, verdict)',
    test: held('that was used elsewhere, or is too late, lets nothing through'),
  },
  {
    name: 'the policies have the last word after an approval',
    file: HOLD,
    find: "if (effectOf(verdict) !== 'allow') return await this.#notLifted(review, outcome, verdict)",
    replace: '',
    test: held('lets nothing through that the newest policies deny, with it or at all'),
  },
  {
    name: 'the newest policies, not those at hand, judge an approved operation',
    file: HOLD,
    find: 'if ((await this.#ask(review, () => hold.policies.refresh())) === AWAY) continue',
    replace: '',
    test: held('lets nothing through that the newest policies deny, with it or at all'),
  },
  {
    name: 'the human behind the requester approves nothing',
    file: RULES,
    find: 'principal.id !== human && groups.includes(group)',
    replace: 'groups.includes(group)',
    test: held('of the human behind the requester counts for nothing, whatever the store says'),
  },
  {
    name: 'a quorum is of different humans',
    file: RULES,
    find: 'return new Set(humans.map(({ principal }) => principal.id)).size >= Math.max(1, quorum)',
    replace: 'return humans.length >= Math.max(1, quorum)',
    test: held('counts only as far as the groups and the number of humans that were asked for'),
  },
  {
    name: 'an approval counts for the groups of who gave it',
    file: RULES,
    find: 'principal.id !== human && groups.includes(group)',
    replace: 'principal.id !== human',
    test: held('counts only as far as the groups and the number of humans that were asked for'),
  },
  {
    name: 'nothing behind a held operation is judged before it',
    file: RULINGS,
    find: 'return ruling instanceof Promise ? this.#inTurn(ruling) : ruling',
    replace: 'return ruling',
    test: held('lets nothing behind it be judged before it'),
  },
  {
    name: 'where nobody can be told, a hold is a refusal',
    file: 'proxy/core/gate-holds.ts',
    find: "if (hold === null || (hold.mode === 'wait' && held === undefined)) return",
    replace: 'if (hold === null) return',
    test: held('in a protocol without the capability, and where nobody would be told'),
  },
  {
    name: 'a hold that names nobody is a refusal',
    file: RULES,
    find: "return (verdict.demands ?? []).length > 0 ? 'hold' : 'deny'",
    replace: "return 'hold'",
    test: held('when no policy says who must approve'),
  },
  {
    name: 'nobody is asked before the intent survives power loss',
    file: HOLD,
    find: 'await this.#news.unlessGone(this.#desk.whenSafe())',
    replace: '',
    test: held('is not asked for before its intent survives power loss, and not sent before its approval does'),
  },
  {
    name: 'nothing is sent before its approval survives power loss',
    file: 'proxy/core/gate-operations.ts',
    find: `    permit.blockUnknown()
    this.#record.inOrder(() => {
      permit.block = this.#record.lastBlock
    })
  }

  /**`,
    replace: `  }

  /**`,
    test: held('is not asked for before its intent survives power loss, and not sent before its approval does'),
  },
  {
    name: 'what is held is as safe as a write',
    file: RULINGS,
    find: "const permit = this.#intend(operation, verdict, { durability: 'synced', now, own: false })",
    replace: "const permit = this.#intend(operation, verdict, { durability: 'appended', now, own: false })",
    test: held('is not asked for before its intent survives power loss, and not sent before its approval does'),
  },
  {
    name: 'bound values are part of what is approved',
    file: 'proxy/core/gate-subject.ts',
    find: '...(binds && { binds: binds.map(boundValue) }),',
    replace: '',
    test: held('is asked for with all that an approval is bound to, and the digest of it is on record'),
  },
  {
    name: 'the state of the target’s session is part of what is approved',
    file: 'proxy/core/gate-subject.ts',
    find: 'state: state ?? UNKNOWN_STATE,',
    replace: 'state: UNKNOWN_STATE,',
    test: held('is asked for with all that an approval is bound to, and the digest of it is on record'),
  },
  {
    name: 'what nobody can read is not approvable',
    file: 'proxy/core/gate-subject.ts',
    find: 'return notApprovable(subject, limits) ?? {',
    replace: 'return {',
    test: held('when text and values have 1 bytes more than can be approved: deny'),
  },
  {
    name: 'what was given up is not sent, also just after its release',
    file: RULINGS,
    find: "if (release.effect === 'allow' && gone === null) {",
    replace: "if (release.effect === 'allow') {",
    test: ends('in the moment after its approval was used up, and before it was released, is not sent'),
  },
  {
    name: 'a session that ends closes what it waited for',
    file: 'proxy/core/gate.ts',
    find: `    this.#ending = { reason, denial }
    this.upstream.drop()
    this.#rulings.abandon('session-ended')`,
    replace: `    this.#ending = { reason, denial }
    this.upstream.drop()`,
    test: ends('because its disk fails closes the review in the store, too'),
  },
  {
    name: 'a change of the policies reaches what is held',
    file: 'proxy/core/gate-hold-news.ts',
    find: 'hold.policies.onChange(() => this.lookAgain())',
    replace: 'hold.policies.onChange(() => {})',
    test: ends('and deny it refuse it at once'),
  },
  {
    name: 'a rejection beats policies that would allow it by now',
    file: HOLD,
    find: "else if (closed.state !== 'cancelled') return await this.#decided(review, closed)",
    replace: '',
    test: ends('and allow it count for nothing once somebody has rejected it'),
  },
  {
    name: 'policies that cannot be judged refuse',
    file: RULINGS,
    find: 'return verdict instanceof Promise ? verdict.catch(() => UNDECIDED) : verdict',
    replace:
      "return verdict instanceof Promise ? verdict.catch((): Verdict => ({ decision: { effect: 'allow', policy: '', reason: '' } })) : verdict",
    test: held('whose policies cannot be judged any more lets nothing through'),
  },
  {
    name: 'a refusal takes no byte of what is under way',
    file: 'proxy/core/gate-operations.ts',
    find: 'if (inFlight === 0) this.outcome(permit, settlement, nowMs)',
    replace: 'if (inFlight >= 0) this.outcome(permit, settlement, nowMs)',
    test: ends('leaves every byte to the one that is under way'),
  },
  {
    name: 'a set of policies that cannot be loaded refuses everything',
    file: 'proxy/adapters/policies.ts',
    find: `      this.#policies = null
      log.error`,
    replace: '      log.error',
    test: judged('that cannot be loaded are not replaced by older ones: all is refused until they are mended'),
  },
  {
    name: 'policies that the store has not confirmed for too long refuse everything',
    file: 'proxy/adapters/policies.ts',
    find: 'if (policies === null || this.#stale) return UNLOADED',
    replace: 'if (policies === null) return UNLOADED',
    test: judged('go on while the store is away for as long as sessions may, and no longer'),
  },
]
