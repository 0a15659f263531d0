import { describe, expect, it } from 'vitest'
import type { SqlFacts } from '#lib/domain/sql-facts'
import { factHeadline, factTitle } from './fact-words'

const NOTHING: SqlFacts = {
  standing: 'clear',
  readOnly: false,
  kinds: [],
  statements: 1,
  reads: [],
  writes: [],
  columns: [],
  functions: [],
  unknownFunctions: [],
  unfiltered: [],
  objects: [],
  settings: [],
}
const of = (facts: Partial<SqlFacts>): SqlFacts => ({ ...NOTHING, ...facts })

describe('what a statement does, in a few words', () => {
  it.each<[string, Partial<SqlFacts>]>([
    ['Delete from payment_methods', { kinds: ['delete', 'select'], writes: ['payment_methods'], reads: ['invoices'] }],
    ['Delete every row of orders', { kinds: ['delete'], writes: ['orders'], unfiltered: ['delete'] }],
    ['Drop table orders', { kinds: ['drop'], writes: ['orders'], objects: ['table'] }],
    ['Drop database', { kinds: ['drop'], objects: ['database'] }],
    ['Truncate a, b and c', { kinds: ['truncate'], writes: ['a', 'b', 'c'] }],
    ['Truncate a, b and 3 more', { kinds: ['truncate'], writes: ['a', 'b', 'c', 'd', 'e'] }],
    ['Delete and update: a, b', { kinds: ['begin', 'commit', 'delete', 'update'], writes: ['a', 'b'] }],
    ['Change the server: log_statement', { kinds: ['system'], settings: ['log_statement'] }],
    ['Call audit.purge', { kinds: ['select'], standing: 'opaque', unknownFunctions: ['audit.purge'] }],
    ['Run a code block', { kinds: ['do'], standing: 'opaque' }],
    ['Select from customers', { kinds: ['select'], reads: ['customers'], readOnly: true }],
    ['A text that the grammar does not understand', { standing: 'unparsed' }],
    ['Discard', { kinds: ['discard'] }],
  ])('%s', (title, facts) => {
    expect(factTitle(of(facts))).toBe(title)
  })

  it('never calls a delete without WHERE anything less than every row', () => {
    const facts = of({ kinds: ['delete'], writes: ['orders'], unfiltered: ['delete'] })
    expect(factHeadline(facts, 12)).toBe('Delete every row of orders')
  })

  it('says about how many rows, where the target estimated it', () => {
    const facts = of({ kinds: ['delete'], writes: ['payment_methods'] })
    expect(factHeadline(facts, 1_284)).toBe('Delete about 1,284 rows from payment_methods')
    expect(factHeadline(facts, 1)).toBe('Delete about 1 row from payment_methods')
    expect(factHeadline(facts, null)).toBe('Delete from payment_methods')
  })
})
