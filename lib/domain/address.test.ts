import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from './address'

describe('an address', () => {
  it.each([
    ['db', { host: 'db', port: 5432 }],
    ['DB.Internal:6543', { host: 'db.internal', port: 6543 }],
    ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
    ['[::1]', { host: '::1', port: 5432 }],
    ['[2001:db8::1]:65535', { host: '2001:db8::1', port: 65_535 }],
    ['my_host-1.example.', { host: 'my_host-1.example.', port: 5432 }],
  ])('%s is read, and written back to the same', (text, address) => {
    expect(parseAddress(text, 5432)).toEqual(address)
    expect(parseAddress(formatAddress(address), 1)).toEqual(address)
  })

  it.each([
    '',
    ' db',
    'db:',
    'db:0',
    'db:65536',
    'db:1e3',
    'a:b:c',
    '::1',
    '[::1',
    '[db]',
    'user@db',
    'db/x',
    '/tmp',
    'db\n',
    'd b',
    'http://db',
    '-db',
    'db..x',
    `${'a'.repeat(64)}.x`,
    'ünï.example',
    'db:5432:5433',
    '[::1]x',
    '.db',
    '[::1%eth0]',
  ])('%j is refused', (text) => {
    expect(() => parseAddress(text, 5432)).toThrow(expect.objectContaining({ code: 'invalid_input', field: 'address' }))
  })
})
