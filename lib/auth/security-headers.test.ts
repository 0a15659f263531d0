import { describe, expect, it } from 'vitest'
import { readEnv } from '../config/env'
import { securityHeaders } from './security-headers'

const headersAt = (url: string, more: Record<string, string> = {}) =>
  securityHeaders(readEnv({ SALLYPORT_URL: url, ...more }), 'N0nce')

describe('the headers of every answer', () => {
  const policy = headersAt('https://gate.example')['content-security-policy']

  it('allow only scripts and style elements that carry the nonce', () => {
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self' 'nonce-N0nce' 'strict-dynamic'")
    expect(policy).toContain("style-src-elem 'self' 'nonce-N0nce'")
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|style-src-elem[^;]*unsafe-inline|\*|https:/)
  })

  it('let nobody frame the portal or change its base', () => {
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("base-uri 'none'")
    expect(headersAt('https://gate.example')['x-frame-options']).toBe('DENY')
  })

  it('let forms end at the identity provider and nowhere else', () => {
    const oidc = {
      SALLYPORT_OIDC_ISSUER: 'https://idp.example/realms/x',
      SALLYPORT_OIDC_CLIENT_ID: 'a',
      SALLYPORT_OIDC_CLIENT_SECRET: 'b',
    }
    expect(headersAt('https://gate.example', oidc)['content-security-policy']).toMatch(
      /form-action 'self' https:\/\/idp\.example(;|$)/,
    )
    expect(policy).toMatch(/form-action 'self' ?(;|$)/)
  })

  it('insist on TLS once the portal has it', () => {
    expect(headersAt('https://gate.example')['strict-transport-security']).toBeDefined()
    expect(headersAt('http://localhost:3000')['strict-transport-security']).toBeUndefined()
  })
})
