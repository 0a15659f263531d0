import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestStore, type TestStore } from '../../db/testing/store'
import { binaryText } from './postgres-values'

let store: TestStore
beforeAll(async () => {
  store = await createTestStore()
})
afterAll(() => store.close())

/** Type, its oid, the function that makes its binary form, and literals. */
const TYPES: readonly (readonly [string, number, string, readonly string[]])[] = [
  ['bool', 16, 'boolsend', ['t', 'f']],
  ['bytea', 17, 'byteasend', ['', '\\x00ff']],
  ['int8', 20, 'int8send', ['0', '-9223372036854775808', '9223372036854775807']],
  ['int2', 21, 'int2send', ['-1', '32767']],
  ['int4', 23, 'int4send', ['-2147483648', '42']],
  ['text', 25, 'textsend', ['', 'äöü 漢字 😀']],
  ['oid', 26, 'oidsend', ['4294967295']],
  ['float4', 700, 'float4send', ['0.1', '-1.5', '3.4e+10', 'NaN', '-Infinity', '16777216']],
  ['float8', 701, 'float8send', ['0.1', '0.30000000000000004', '123456789.125', '-0', 'Infinity', '5']],
  [
    'date',
    1082,
    'date_send',
    ['2026-11-20', '1900-03-01', '0001-01-01', '0044-03-15 BC', 'infinity', '-infinity', '5874897-12-31'],
  ],
  ['time', 1083, 'time_send', ['00:00:00', '23:59:59.999999', '24:00:00', '12:30:00.5']],
  [
    'timestamp',
    1114,
    'timestamp_send',
    ['2026-11-20 14:03:22.123456', '1970-01-01', '0001-01-01 BC', 'infinity', '1999-12-31 23:59:59.9'],
  ],
  ['timestamptz', 1184, 'timestamptz_send', ['2026-11-20 14:03:22+02', '-infinity', '0044-03-15 12:00:00+00 BC']],
  ['timetz', 1266, 'timetz_send', ['12:00:00+02', '12:00:00-03:30', '12:00:00.25+00']],
  [
    'interval',
    1186,
    'interval_send',
    [
      '0',
      '1 year 2 months',
      '-1 year',
      '13 months -3 days 04:05:06.789',
      '-00:00:00.5',
      '1 day',
      '-2 days +1 hour',
      '100 hours',
      '1 mon -1 day',
    ],
  ],
  [
    'numeric',
    1700,
    'numeric_send',
    [
      '0',
      '0.00',
      '-0.0001',
      '123456789012345678901234567890.123456789',
      '1e20',
      '10000',
      '9999.9999',
      'NaN',
      'Infinity',
      '-Infinity',
      '0.00000000000000000001',
    ],
  ],
  ['uuid', 2950, 'uuid_send', ['00112233-4455-6677-8899-aabbccddeeff']],
  ['json', 114, 'json_send', ['{"a" : 1}']],
  ['jsonb', 3802, 'jsonb_send', ['{"a": [1, null]}']],
  [
    'inet',
    869,
    'inet_send',
    ['10.0.0.1', '10.0.0.1/8', '2001:db8::1', '::', '::1/64', 'fe80:0:0:1::', '2001:0:0:1:0:0:0:1'],
  ],
  ['cidr', 650, 'cidr_send', ['10.0.0.0/8', '10.1.2.3/32', '2001:db8::/32']],
  ['int4[]', 1007, 'array_send', ['{}', '{1,NULL,3}', '{{1,2},{3,4}}']],
  ['text[]', 1009, 'array_send', ['{"a b","","NULL",null,"q\\"","{x}","c,d"}']],
  ['timestamptz[]', 1185, 'array_send', ['{"2026-01-01 00:00:00+00"}']],
]

it.each(TYPES)('a binary %s reads as this PostgreSQL prints it', async (type, oid, send, literals) => {
  const sql = store.owner.sql
  for (const literal of literals) {
    const [row] = await sql.begin(async (tx) => {
      await tx`set local timezone = 'UTC'`
      await tx`set local intervalstyle = 'postgres'`
      return tx.unsafe(
        `select ${send}(v::${type}) as sent, format('%s', v::${type}) as shown from (select $1::text as v) given`,
        [literal],
      )
    })
    const shown = String(row?.shown)
    const read = binaryText(oid, new Uint8Array(row?.sent as Buffer))
    // Of the shortest texts that mean the same float, PostgreSQL picks another now and then.
    if (type === 'float4') expect(Math.fround(Number(read)), literal).toBe(Math.fround(Number(shown)))
    else expect(read, literal).toBe(shown)
  }
})
