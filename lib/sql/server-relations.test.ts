import { expect, test } from 'vitest'
import { LIMITS } from '../domain/limits'
import { asInstalled } from './catalog'
import { createFactsOf } from './facts'

const factsOf = await createFactsOf(LIMITS)
const factsFrom = (text: string) =>
  factsOf(text, { strings: 'standard', encoding: 'utf8', catalog: asInstalled('1') }).facts

test.each([
  "update pg_settings set setting = 'hr' where name = 'search_path'",
  "update pg_authid set rolsuper = true where rolname = 'x'",
  'insert into pg_auth_members values (1)',
  'delete from pg_catalog.pg_policy where oid = 1',
  'with x as (update pg_catalog.pg_proc set prosrc = null where oid = 1 returning 1) select 1',
  'merge into pg_class using s on true when matched then delete',
  'copy pg_catalog.pg_trigger from stdin',
  'truncate pg_statistic',
  "update information_schema.sql_features set comments = 'x' where feature_id = '1'",
])('%s may change what everything means, like a command that administers', (text) => {
  expect(factsFrom(text)).toMatchObject({ standing: 'opaque', kinds: expect.arrayContaining(['system']) })
})

test.each([
  'insert into public.pg_things values (1)',
  'insert into "PG_SETTINGS" values (1)',
  'insert into t select 1 from pg_settings',
  'create temp table pg_temp.x (a int)',
])('%s writes nothing of the server’s own', (text) => {
  expect(factsFrom(text)).toMatchObject({ standing: 'clear', kinds: expect.not.arrayContaining(['system']) })
})
