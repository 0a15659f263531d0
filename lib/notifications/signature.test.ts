import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { signatureHeaders } from './signature'

it('signs the time and the body, so that neither can be exchanged', () => {
  const headers = signatureHeaders('a secret of some length', '{"a":"ü"}', 1_795_000_000_999)
  const expected = createHmac('sha256', 'a secret of some length').update('1795000000.{"a":"ü"}').digest('hex')
  expect(headers).toEqual({ 'x-sallyport-timestamp': '1795000000', 'x-sallyport-signature': `v1=${expected}` })
  for (const [secret, body, now] of [
    ['another secret of length', '{"a":"ü"}', 1_795_000_000_999],
    ['a secret of some length', '{"a":"u"}', 1_795_000_000_999],
    ['a secret of some length', '{"a":"ü"}', 1_795_000_001_000],
  ] as const)
    expect(signatureHeaders(secret, body, now)['x-sallyport-signature']).not.toBe(`v1=${expected}`)
})
