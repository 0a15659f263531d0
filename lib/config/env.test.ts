import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LIMIT_RANGES } from '../domain/limit-ranges'
import { LIMITS } from '../domain/limits'
import { readEnv } from './env'
import { LIMIT_NAMES, settingOf } from './limit-settings'

const documented = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8')

describe('the address of the store', () => {
  it.each([
    'nonsense',
    'mysql://u:p@localhost/x',
    'postgres://',
    'postgres:///x',
    'postgres://u:p%zz@localhost/x',
    'postgres://u:p@localhost:99999/x',
  ])('%s is refused in words that name the setting and not the value', (url) => {
    expect(() => readEnv({ DATABASE_URL: url })).toThrow(
      /^DATABASE_URL: must look like postgres:\/\/user:password@host:5432\/database$/,
    )
  })

  it.each(['postgres://u:p@localhost/x', 'postgresql://u:p%40%2F@[::1]:5433/my%20store?sslmode=require'])(
    '%s is taken as it is',
    (url) => {
      expect(readEnv({ DATABASE_URL: url }).DATABASE_URL).toBe(url)
    },
  )
})

describe('limits', () => {
  it('have their defaults when nothing is set', () => {
    expect(readEnv({}).limits).toEqual(LIMITS)
    expect(readEnv({ SALLYPORT_LIMIT_PORTALS: '' }).limits).toEqual(LIMITS)
  })

  it.each(LIMIT_NAMES)('%s is set by a setting of its own, in its range, and nothing else changes', (limit) => {
    const [least, most] = LIMIT_RANGES[limit]
    const set = (value: number | string) => readEnv({ [settingOf(limit)]: String(value) }).limits
    expect(set(least)).toEqual({ ...LIMITS, [limit]: least })
    expect(set(most)).toEqual({ ...LIMITS, [limit]: most })
    for (const value of [least - 1, most + 1, '1e3', ` ${least}`, '-1', `${least}.5`, 'none']) {
      expect(() => set(value)).toThrow(`${settingOf(limit)}: must be a whole number from ${least} to ${most}`)
    }
  })

  it.each(LIMIT_NAMES)('the default of %s is in its range', (limit) => {
    const [least, most] = LIMIT_RANGES[limit]
    expect(LIMITS[limit]).toBeGreaterThanOrEqual(least)
    expect(LIMITS[limit]).toBeLessThanOrEqual(most)
  })

  it('that do not exist stop the start: nobody believes in a limit that is not in force', () => {
    expect(() => readEnv({ SALLYPORT_LIMIT_MESAGE_BYTES: '1000000' })).toThrow(
      'SALLYPORT_LIMIT_MESAGE_BYTES: there is no such limit; docs/settings.md lists them all',
    )
  })

  it.each(LIMIT_NAMES)('%s stands in the documentation, with its default and range', (limit) => {
    const [least, most] = LIMIT_RANGES[limit]
    const line = documented.split('\n').find((row) => row.includes(`\`${settingOf(limit)}\``)) ?? ''
    const [, , standard, range] = line.split('|').map((cell) => cell.replaceAll(',', '').trim())
    expect([standard, range]).toEqual([String(LIMITS[limit]), `${least} to ${most}`])
  })
})
