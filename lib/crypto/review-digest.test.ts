import { describe, expect, it } from 'vitest'
import type { ReviewSubject } from '../domain/review'
import { grantDigest, sealSubject } from './review-digest'

const SUBJECT: ReviewSubject = {
  v: 1,
  ...{ principal: 'pri_a', human: 'pri_h', run: 'run_a', connection: { id: 'con_a', version: 1 } },
  ...{ database: 'shop', type: 'execute', text: 'delete from orders where id = $1' },
  ...{ binds: [{ text: '1' }], formats: [0], maxRows: 5 },
  state: { searchPath: ['public'], role: 'app', sessionRole: 'app' },
}
const digest = (subject: ReviewSubject) => sealSubject(subject).digest.toString('hex')

/** Each changes one part, and every part of a subject is here: `satisfies` says so. */
const CHANGES = {
  v: { v: 2 as never },
  principal: { principal: 'pri_b' },
  human: { human: 'pri_i' },
  run: { run: null },
  connection: { connection: { id: 'con_a', version: 2 } },
  database: { database: 'other' },
  type: { type: 'query' },
  text: { text: 'delete from orders where id = $1 ' },
  encoding: { encoding: 'base64' },
  binds: { binds: [{ text: '2' }] },
  formats: { formats: [1] },
  maxRows: { maxRows: 6 },
  state: { state: { searchPath: ['public'], role: 'postgres', sessionRole: 'app' } },
} satisfies Record<keyof ReviewSubject, Partial<ReviewSubject>>

describe('the digest of what is approved', () => {
  it('every part of what is approved changes the digest', () => {
    const digests = Object.values(CHANGES).map((change) => digest({ ...SUBJECT, ...change }))
    expect(new Set([digest(SUBJECT), ...digests]).size).toBe(digests.length + 1)
  })

  it.each([
    ['another search path', { searchPath: ['evil', 'public'], role: 'app', sessionRole: 'app' }],
    ['a search path that is not known', { searchPath: null, role: 'app', sessionRole: 'app' }],
    ['another role that signed in', { searchPath: ['public'], role: 'app', sessionRole: 'other' }],
  ])('changes with %s', (_, state) => {
    expect(digest({ ...SUBJECT, state })).not.toBe(digest(SUBJECT))
  })

  it.each([
    ['NULL and an empty text', [null], [{ text: '' }]],
    ['a text and the same bytes in binary', [{ text: 'MQ==' }], [{ base64: 'MQ==' }]],
    ['one value and two', [{ text: 'a,b' }], [{ text: 'a' }, { text: 'b' }]],
  ])('tells %s apart', (_, left, right) => {
    expect(digest({ ...SUBJECT, binds: left as never })).not.toBe(digest({ ...SUBJECT, binds: right as never }))
  })

  it('does not depend on the order in which it was written down', () => {
    const { state, text, ...rest } = SUBJECT
    expect(digest({ text, state, ...rest })).toBe(digest(SUBJECT))
  })
})

it('a grant is bound to what gives names their meaning', () => {
  const shape = { facts: {} as never, fingerprint: 'f' }
  const of = (subject: ReviewSubject) => grantDigest(subject, shape).toString('hex')
  for (const change of [CHANGES.database, CHANGES.state]) expect(of({ ...SUBJECT, ...change })).not.toBe(of(SUBJECT))
  expect(of({ ...SUBJECT, ...CHANGES.text })).toBe(of(SUBJECT))
})
