import { describe, expect, it } from 'vitest'
import { address, param } from './address'

describe('addresses of pages', () => {
  it('opening a panel keeps the filters', () => {
    expect(address('/connections', { q: 'shop' }, { open: 'shop-prod' })).toBe('/connections?q=shop&open=shop-prod')
  })

  it('closing it leaves no trace', () => {
    expect(address('/connections', { open: 'x' }, { open: null })).toBe('/connections')
  })

  it('a value cannot add parameters of its own', () => {
    expect(address('/a', {}, { open: 'x&admin=1' })).toBe('/a?open=x%26admin%3D1')
  })

  it('a repeated parameter counts once, an empty one not at all', () => {
    expect(param({ q: ['a', 'b'] }, 'q')).toBe('a')
    expect(param({ q: '' }, 'q')).toBeUndefined()
  })
})
