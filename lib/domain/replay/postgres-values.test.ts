import { describe, expect, it } from 'vitest'
import { binaryText } from './postgres-values'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** The store test beside this one asks a real PostgreSQL for both sides of many more. */
const CASES: readonly (readonly [string, number, string, string])[] = [
  ['bool', 16, '01', 't'],
  ['bytea', 17, 'dead', '\\xdead'],
  ['int8', 20, 'ffffffffffffff85', '-123'],
  ['int2', 21, '8000', '-32768'],
  ['int4', 23, '7fffffff', '2147483647'],
  ['oid', 26, 'ffffffff', '4294967295'],
  ['float4', 700, '3dcccccd', '0.1'],
  ['float8', 701, '3ff3ae147ae147ae', '1.23'],
  ['float8 NaN', 701, '7ff8000000000000', 'NaN'],
  ['float8 -0', 701, '8000000000000000', '-0'],
  ['numeric', 1700, '0003 0001 0000 0002 0001 0929 1194', '12345.45'],
  ['numeric zero', 1700, '0000 0000 0000 0002', '0.00'],
  ['numeric small', 1700, '0001 ffff 4000 0003 04d2', '-0.123'],
  ['numeric large', 1700, '0001 0002 0000 0000 0001', '100000000'],
  ['numeric NaN', 1700, '0000 0000 c000 0000', 'NaN'],
  ['date', 1082, '00000000', '2000-01-01'],
  ['date before', 1082, 'ffffffff', '1999-12-31'],
  ['date leap', 1082, '0000003b', '2000-02-29'],
  ['date BC', 1082, 'fff4dbf8', '0001-12-31 BC'],
  ['date infinity', 1082, '7fffffff', 'infinity'],
  ['time', 1083, '0000000012345678', '00:05:05.419896'],
  ['timestamp', 1114, '0000000000000001', '2000-01-01 00:00:00.000001'],
  ['timestamp before', 1114, 'ffffffffffffffff', '1999-12-31 23:59:59.999999'],
  ['timestamptz', 1184, '00000000000f4240', '2000-01-01 00:00:01+00'],
  ['timetz', 1266, '0000000000000000 ffffe3e0', '00:00:00+02'],
  ['interval', 1186, '00000000000f4240 00000003 0000000e', '1 year 2 mons 3 days 00:00:01'],
  ['interval mixed', 1186, 'fffffffffff0bdc0 00000003 ffffffff', '-1 mons +3 days -00:00:01'],
  ['interval zero', 1186, '0000000000000000 00000000 00000000', '00:00:00'],
  ['uuid', 2950, '00112233445566778899aabbccddeeff', '00112233-4455-6677-8899-aabbccddeeff'],
  ['jsonb', 3802, '01 7b7d', '{}'],
  ['inet', 869, '02 20 00 04 0a000001', '10.0.0.1'],
  ['inet net', 869, '02 18 00 04 0a000001', '10.0.0.1/24'],
  ['cidr', 650, '02 18 01 04 0a000000', '10.0.0.0/24'],
  ['inet6', 869, '03 80 00 10 20010db8000000000000000000000001', '2001:db8::1'],
  ['int4[]', 1007, '00000001 00000000 00000017 00000002 00000001 00000004 00000001 00000004 00000002', '{1,2}'],
  ['text[]', 1009, '00000001 00000001 00000019 00000002 00000001 ffffffff 00000003 612062', '{NULL,"a b"}'],
  ['empty array', 1007, '00000000 00000000 00000017', '{}'],
]

describe('a value in binary format', () => {
  it.each(CASES)('%s reads as PostgreSQL prints it', (_, oid, bytes, text) => {
    expect(binaryText(oid, hex(bytes))).toBe(text)
  })

  it.each([
    ['a short int4', 23, '0001'],
    ['a numeric with missing digits', 1700, '0002 0000 0000 0000 0001'],
    ['an array that ends early', 1007, '00000001 00000000 00000017 00000002 00000001 00000004 0000'],
    ['jsonb of another version', 3802, '02 7b7d'],
    ['text that is not UTF-8', 25, 'ff'],
    ['a type that is not known', 16_385, '00'],
  ])('%s is not guessed at', (_, oid, bytes) => {
    expect(binaryText(oid, hex(bytes))).toBeNull()
  })
})
