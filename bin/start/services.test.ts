import { expect, test } from 'vitest'
import { readEnv } from '#lib/config/env'
import { listenPorts, requireTlsBeyondLoopback } from './services'

test.each([
  ['127.0.0.1', 'http://localhost:3000', true],
  ['127.9.9.9', 'http://localhost:3000', true],
  ['::1', 'http://localhost:3000', true],
  ['localhost', 'http://localhost:3000', true],
  ['0.0.0.0', 'http://localhost:3000', false],
  ['::', 'http://localhost:3000', false],
  ['10.0.0.5', 'http://gate.internal', false],
  ['127.0.0.1.evil.example', 'http://localhost:3000', false],
  ['0.0.0.0', 'https://gate.internal', true],
])('bound to %s and reached as %s: may start is %s', (bind, url, allowed) => {
  const env = readEnv({ SALLYPORT_BIND: bind, SALLYPORT_URL: url })
  const check = () => requireTlsBeyondLoopback(env)
  if (allowed) expect(check).not.toThrow()
  else expect(check).toThrow('SALLYPORT_URL must be https')
})

test('the demo provider listens on loopback wherever the rest does', () => {
  const env = readEnv({ SALLYPORT_DEMO: 'true', SALLYPORT_BIND: '0.0.0.0' })
  const provider = listenPorts(env).find((port) => port.setting === 'SALLYPORT_DEMO_OIDC_PORT')
  expect(provider?.host).toBe('127.0.0.1')
})
