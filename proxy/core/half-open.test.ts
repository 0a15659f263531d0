import { expect, test } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import { HalfOpen } from './half-open'

const enterAll = (doorway: HalfOpen, addresses: readonly string[]) => addresses.map((at) => doorway.enter(at) !== null)

test.each([99, 100, 101])('%i clients of one address: up to 100 get a place', (count) => {
  const places = enterAll(new HalfOpen(LIMITS), Array(count).fill('192.0.2.1'))
  expect(places.filter(Boolean)).toHaveLength(Math.min(count, LIMITS.halfOpenPerAddress))
})

test.each([1_023, 1_024, 1_025])('%i clients of many addresses: up to 1,024 get a place', (count) => {
  const addresses = Array.from({ length: count }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
  expect(enterAll(new HalfOpen(LIMITS), addresses).filter(Boolean)).toHaveLength(Math.min(count, LIMITS.halfOpen))
})

test('a place is given up once, however often it is called', () => {
  const doorway = new HalfOpen({ halfOpen: 10, halfOpenPerAddress: 2 })
  const leave = doorway.enter('192.0.2.1')
  expect(doorway.enter('192.0.2.1')).not.toBeNull()
  expect(doorway.enter('192.0.2.1')).toBeNull()
  leave?.()
  leave?.()
  expect(doorway.enter('192.0.2.1')).not.toBeNull()
  expect(doorway.enter('192.0.2.1')).toBeNull()
})

test('who is refused takes no place', () => {
  const doorway = new HalfOpen({ halfOpen: 2, halfOpenPerAddress: 1 })
  doorway.enter('192.0.2.1')
  for (let i = 0; i < 5; i++) expect(doorway.enter('192.0.2.1')).toBeNull()
  expect(doorway.enter('192.0.2.2')).not.toBeNull()
})

test('an IPv6 client counts by its /64, whatever it writes', () => {
  const doorway = new HalfOpen({ halfOpen: 10, halfOpenPerAddress: 2 })
  expect(enterAll(doorway, ['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:DB8::3', '2001:db8:0:1::1'])).toEqual([
    true,
    true,
    false,
    true,
  ])
})
