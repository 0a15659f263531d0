import { describe, expect, it } from 'vitest'
import { boundAddress, checkForm, EMPTY_FORM, secretFieldsFor, toConnectionInput } from './form-values'

const filled = { ...EMPTY_FORM, name: 'shop', address: 'db.internal', database: 'shop', user: 'app' }

describe('the connection form', () => {
  it('says all that is missing at once, beside the fields', () => {
    expect(Object.keys(checkForm(EMPTY_FORM)).sort()).toEqual(['address', 'name', 'settings.database', 'settings.user'])
  })

  it('lets a complete form through', () => {
    expect(checkForm(filled)).toEqual({})
  })

  it('says that an address cannot be read before it is sent', () => {
    expect(checkForm({ ...filled, address: 'postgres://db/x' })).toHaveProperty('address')
    expect(checkForm({ ...filled, address: 'db:99999' })).toHaveProperty('address')
  })

  it('refuses a tag key used twice rather than dropping one', () => {
    const tags = [
      { key: 'env', value: 'prod' },
      { key: 'env', value: 'staging' },
    ]
    expect(checkForm({ ...filled, tags })).toHaveProperty('tags')
  })

  it('refuses to save without any allowed method', () => {
    expect(checkForm({ ...filled, auth: [] })).toHaveProperty(['settings.auth'])
  })

  it('keeps what it does not show', () => {
    expect(toConnectionInput(filled, { masking: 'open' })).toMatchObject({ masking: 'open', name: 'shop' })
  })

  it('the same target written two ways is the same binding', () => {
    expect(boundAddress('DB.internal', 'postgres')).toBe(boundAddress('db.internal:5432', 'postgres'))
    expect(boundAddress('[::1]', 'postgres')).toBe('[::1]:5432')
    expect(boundAddress('[::1]:5433', 'postgres')).toBe('[::1]:5433')
    expect(boundAddress('db.internal:5433', 'postgres')).not.toBe(boundAddress('db.internal', 'postgres'))
  })

  it('asks only for the secrets that the chosen methods use', () => {
    expect(secretFieldsFor({ protocol: 'postgres', auth: ['scram-sha-256'] })).toEqual(['password'])
    expect(secretFieldsFor({ protocol: 'postgres', auth: ['cert'] })).toEqual(['clientCert', 'clientKey'])
    expect(secretFieldsFor({ protocol: 'postgres', auth: ['trust'] })).toEqual([])
  })
})
