import { describe, expect, it } from 'vitest'
import { profileOf } from './profile'

const claims = (more: Record<string, unknown>) => profileOf({ sub: 's', ...more }, 'https://idp.example', 'groups')

describe('a person’s profile', () => {
  it('takes name, address and groups from the claims', () => {
    expect(claims({ name: 'Ada', email: 'Ada@Example.com', email_verified: true, groups: ['a'] })).toEqual({
      provider: 'https://idp.example',
      subject: 's',
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada',
      groups: ['a'],
    })
    expect(profileOf({ sub: 's', roles: 'one' }, 'i', 'roles').groups).toEqual(['one'])
  })

  it.each([
    ['missing', undefined],
    ['a text', 'true'],
    ['one', 1],
    ['false', false],
  ])('does not count an address as verified when the claim is %s', (_, value) => {
    expect(claims({ email: 'a@example.com', email_verified: value }).emailVerified).toBe(false)
  })

  it.each([
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is no text', { sub: 7 }],
    ['a group that is no text', { groups: ['a', { b: 1 }] }],
    ['a group that is too long', { groups: ['x'.repeat(129)] }],
    ['groups that are a map', { groups: { admins: true } }],
  ])('is refused with %s', (_, more) => {
    expect(() => claims(more)).toThrow(expect.objectContaining({ refusal: 'no-profile' }))
  })

  it('has a name in any case', () => {
    expect(claims({}).name).toBe('s')
    expect(claims({ preferred_username: 'ada' }).name).toBe('ada')
    expect(claims({ name: 'x'.repeat(300), email: 'a@example.com' }).name).toBe('a@example.com')
  })
})
