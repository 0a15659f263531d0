import { expect, test } from 'vitest'
import { type AddressRules, checkAddresses } from './target-addresses'

const rules = (change: Partial<AddressRules> = {}): AddressRules => ({
  allow: [],
  own: [],
  localAddresses: () => ['192.168.7.7', 'fe80::7%eth0'],
  resolve: async () => [],
  ...change,
})

const RESERVED = /loopback, link-local or reserved/

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '100.100.100.200',
  '168.63.129.16',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  'fe80::1',
  'fe80::1%eth0',
  'FEBF::1',
  'ff02::1',
  'fd00:ec2::254',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
])('%s is refused as a target', async (address) => {
  expect(await checkAddresses(rules())(address, 5432)).toMatch(RESERVED)
})

test.each([
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '203.0.113.9',
  'fd12:3456::1',
  '2001:db8::1',
  '::ffff:10.0.0.1',
])('%s is allowed: private and public addresses are', async (address) => {
  expect(await checkAddresses(rules())(address, 5432)).toBeNull()
})

test.each(['', 'localhost', '1.2.3', '1.2.3.4.5', '0x7f.1', '12345', ':::', '1::2::3'])(
  '%j is no address',
  async (text) => {
    expect(await checkAddresses(rules())(text, 5432)).toBe('the address is not an IP address')
  },
)

test('an allowed range lets its own addresses through, in every spelling, and no others', async () => {
  const check = checkAddresses(rules({ allow: ['127.0.0.0/8', '::1'] }))
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'])
    expect(await check(address, 5432)).toBeNull()
  for (const address of ['169.254.169.254', '0.0.0.0', 'fe80::1']) expect(await check(address, 5432)).toMatch(RESERVED)
})

test('the gateway’s own ports are refused on every local address, whatever is allowed', async () => {
  const own = [{ host: null, port: 15_432 }]
  const check = checkAddresses(rules({ allow: ['0.0.0.0/0', '::/0'], own }))
  for (const address of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::',
    '0.0.0.0',
    '192.168.7.7',
    '::ffff:192.168.7.7',
    'fe80::7',
  ])
    expect(await check(address, 15_432)).toMatch(/the gateway itself/)
  expect(await check('127.0.0.1', 15_433)).toBeNull()
  expect(await check('192.168.7.8', 15_432)).toBeNull()
})

test('a store on another host is refused by its address, on its port only', async () => {
  const own = [{ host: 'store.internal', port: 5432 }]
  const check = checkAddresses(rules({ own, resolve: async () => ['10.0.0.5', '2001:db8::5'] }))
  expect(await check('10.0.0.5', 5432)).toMatch(/the gateway itself/)
  expect(await check('2001:DB8:0::5', 5432)).toMatch(/the gateway itself/)
  expect(await check('10.0.0.5', 5433)).toBeNull()
  expect(await check('10.0.0.6', 5432)).toBeNull()
})

test('a store on this host is refused on every local address', async () => {
  const own = [{ host: 'localhost', port: 5432 }]
  const check = checkAddresses(rules({ allow: ['127.0.0.0/8'], own, resolve: async () => ['127.0.0.1'] }))
  expect(await check('127.0.0.2', 5432)).toMatch(/the gateway itself/)
  expect(await check('192.168.7.7', 5432)).toMatch(/the gateway itself/)
  expect(await check('192.168.7.8', 5432)).toBeNull()
})

test.each(['127.0.0.0/33', '::1/129', 'localhost', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/-1', '1.2.3/8'])(
  'an allowed range %j stops the start',
  (range) => {
    expect(() => checkAddresses(rules({ allow: [range] }))).toThrow(/SALLYPORT_TARGET_ALLOW/)
  },
)
