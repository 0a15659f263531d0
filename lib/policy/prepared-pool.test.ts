import { expect, test } from 'vitest'
import { PreparedPool } from './prepared-pool'

const statements = (size: number) =>
  Object.fromEntries(Array.from({ length: size }, (_, index) => [`p${index}`, 'permit (principal, action, resource);']))
const uid = { type: 'Person', id: 'x' }
const question = { principal: uid, resource: uid, entities: [], context: {} }

test('keeps no more than it may; what gave way is prepared anew', () => {
  const pool = new PreparedPool(5)
  const [a, b, c] = [{}, {}, {}]
  const first = pool.of(a, statements(2))
  const second = pool.of(b, statements(2))
  expect(pool.of(a, statements(2))).toBe(first)
  pool.of(c, statements(2))
  expect(second?.ask(question).failed).toBe(true)
  expect(first?.ask(question).allowed).toBe(true)
  expect(pool.of(b, statements(2))?.ask(question).allowed).toBe(true)
  expect(first?.ask(question).failed).toBe(true)
})

test('prepares what is larger than it may keep all the same', () => {
  const pool = new PreparedPool(5)
  expect(pool.of({}, statements(8))?.ask(question).allowed).toBe(true)
  expect(pool.of({}, statements(1))?.ask(question).allowed).toBe(true)
})

test('gives nothing once it is released', () => {
  const pool = new PreparedPool(5)
  const slice = {}
  const ready = pool.of(slice, statements(1))
  pool.release()
  expect(ready?.ask(question).failed).toBe(true)
  expect(pool.of(slice, statements(1))).toBeNull()
})
