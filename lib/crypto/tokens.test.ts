import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashToken, isToken, mintToken } from './tokens'

describe('access tokens', () => {
  it('hold every bit of their 32 random bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (a, b) => {
          const same = Buffer.from(a).equals(Buffer.from(b))
          expect(mintToken(() => a).token === mintToken(() => b).token).toBe(same)
        },
      ),
    )
  })

  it('are sp_ and 43 letters or digits, also for the smallest and the largest number', () => {
    for (const fill of [0x00, 0xff]) {
      const { token } = mintToken((length) => new Uint8Array(length).fill(fill))
      expect(token).toMatch(/^sp_[0-9A-Za-z]{43}$/)
      expect(isToken(token)).toBe(true)
    }
  })

  it('show their last four characters as hint and rest as SHA-256', () => {
    const minted = mintToken(randomBytes)
    expect(minted.hint).toBe(minted.token.slice(-4))
    expect(minted.hash).toBe(hashToken(minted.token))
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('are told from anything else by their shape', () => {
    const { token } = mintToken(randomBytes)
    for (const text of [
      '',
      'sp_',
      token.slice(0, -1),
      `${token}0`,
      token.replace('sp_', 'xx_'),
      `${token.slice(0, -1)}-`,
    ])
      expect(isToken(text)).toBe(false)
  })
})
