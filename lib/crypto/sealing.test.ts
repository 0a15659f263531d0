import { describe, expect, it } from 'vitest'
import type { SecretBinding } from '../domain/connection'
import { seal } from './sealing'
import { bindingBytes } from './secret-binding'
import { createSealingKeyPair, unseal } from './unsealing'

const binding: SecretBinding = {
  connectionId: 'con_0123456789abcdefghjk',
  field: 'password',
  protocol: 'postgres',
  host: 'db.internal',
  port: 5432,
}
const secret = Buffer.from('correct horse battery staple')
const unreadable = expect.objectContaining({ code: 'secret_unreadable' })

describe('a sealed secret', () => {
  it('opens with the private key and its own binding', async () => {
    const keys = await createSealingKeyPair()
    const sealed = await seal(keys.publicKey, binding, secret)
    expect(Buffer.from(await unseal(keys.privateKey, binding, sealed))).toEqual(secret)
    expect(Buffer.from(sealed).includes(secret)).toBe(false)
  })

  it.each([
    ['connection', { connectionId: 'con_0123456789abcdefghjm' }],
    ['field', { field: 'clientKey' }],
    ['protocol', { protocol: 'ssh' }],
    ['host', { host: 'db.internal.evil.example' }],
    ['port', { port: 5433 }],
  ])('does not open for another %s', async (_, change) => {
    const keys = await createSealingKeyPair()
    const sealed = await seal(keys.publicKey, binding, secret)
    const other = { ...binding, ...change } as SecretBinding
    await expect(unseal(keys.privateKey, other, sealed)).rejects.toEqual(unreadable)
  })

  it('does not open in the place of another', async () => {
    const keys = await createSealingKeyPair()
    const other = { ...binding, field: 'clientKey' }
    const [a, b] = await Promise.all([seal(keys.publicKey, binding, secret), seal(keys.publicKey, other, secret)])
    await expect(unseal(keys.privateKey, binding, b)).rejects.toEqual(unreadable)
    await expect(unseal(keys.privateKey, other, a)).rejects.toEqual(unreadable)
    const crossed = Buffer.concat([a.subarray(0, 32), b.subarray(32)])
    await expect(unseal(keys.privateKey, binding, crossed)).rejects.toEqual(unreadable)
  })

  it('does not open with another key, cut short, or with any byte changed', async () => {
    const [keys, others] = await Promise.all([createSealingKeyPair(), createSealingKeyPair()])
    const sealed = await seal(keys.publicKey, binding, secret)
    await expect(unseal(others.privateKey, binding, sealed)).rejects.toEqual(unreadable)
    for (const length of [0, 31, 47, sealed.byteLength - 1])
      await expect(unseal(keys.privateKey, binding, sealed.subarray(0, length))).rejects.toEqual(unreadable)
    for (const at of [0, 31, 32, sealed.byteLength - 1]) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(unseal(keys.privateKey, binding, changed)).rejects.toEqual(unreadable)
    }
  })

  it('differs each time it is sealed', async () => {
    const keys = await createSealingKeyPair()
    const [a, b] = await Promise.all([seal(keys.publicKey, binding, secret), seal(keys.publicKey, binding, secret)])
    expect(Buffer.from(a).equals(Buffer.from(b))).toBe(false)
  })

  it('is bound to bytes that no other binding gives', () => {
    const shifted = { ...binding, field: 'passwordp', protocol: 'ostgres' } as unknown as SecretBinding
    expect(Buffer.from(bindingBytes(binding)).equals(Buffer.from(bindingBytes(shifted)))).toBe(false)
  })
})
