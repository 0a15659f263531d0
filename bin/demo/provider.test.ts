import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'oidc-provider'
import * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_ACCOUNTS } from './accounts'
import { demoProvider } from './provider'

const portalUrl = 'http://localhost:3999'
const redirectUri = `${portalUrl}/api/auth/callback/oidc`
let server: Server
let issuer: string
let config: client.Configuration

beforeAll(async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  let listener: RequestListener = (_request, response) => response.end()
  server = createServer((request, response) => listener(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  listener = demoProvider({
    issuer,
    portalUrl,
    client: { clientId: 'portal', clientSecret: 'portal-secret' },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' } as JWK] },
    cookieKey: randomUUID(),
    tokensCss: '',
  })
  config = await client.discovery(new URL(issuer), 'portal', 'portal-secret', undefined, {
    execute: [client.allowInsecureRequests],
  })
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

/** A browser as far as a sign-in needs one: keeps cookies, follows redirects to the provider itself. */
class Browser {
  readonly #cookies = new Map<string, string>()

  async open(
    address: string | URL,
    form?: Record<string, string>,
  ): Promise<{ url: URL; status: number; html: string }> {
    const url = new URL(address, issuer)
    if (url.origin !== issuer) return { url, status: 0, html: '' }
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    const next = response.headers.get('location')
    return next ? this.open(new URL(next, url)) : { url, status: response.status, html: await response.text() }
  }
}

interface Attempt {
  readonly url: URL
  readonly verifier: string
  readonly checks: { readonly state: string; readonly nonce: string }
}

async function attempt(extra: Record<string, string> = {}): Promise<Attempt> {
  const verifier = client.randomPKCECodeVerifier()
  const checks = { state: client.randomState(), nonce: client.randomNonce() }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...checks,
    ...extra,
  })
  return { url, verifier, checks }
}

async function claimsAfter(started: Attempt, callback: URL) {
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.checks.state,
    expectedNonce: started.checks.nonce,
  })
  return tokens.claims()
}

test.each(DEMO_ACCOUNTS)('$email signs in with one form and brings its groups in the ID token', async (account) => {
  const browser = new Browser()
  const started = await attempt()
  const page = await browser.open(started.url)
  expect(page.url.pathname).toMatch(/^\/interaction\//)
  const { url } = await browser.open(page.url, { email: account.email, password: 'demo' })
  expect(url.href.startsWith(redirectUri)).toBe(true)
  expect(await claimsAfter(started, url)).toMatchObject({
    sub: account.subject,
    email: account.email,
    email_verified: true,
    name: account.name,
    groups: account.groups,
  })
})

test('a wrong password and an unknown account stay on the page and are shown as text', async () => {
  const browser = new Browser()
  const page = await browser.open((await attempt()).url)
  const wrong = await browser.open(page.url, { email: 'admin@example.com', password: 'guess' })
  expect(wrong.url.pathname).toBe(page.url.pathname)
  const hostile = await browser.open(page.url, { email: '"><script>alert(1)</script>', password: 'demo' })
  expect(hostile.html).toContain('&quot;&gt;&lt;script&gt;')
  expect(hostile.html).not.toContain('<script>')
})

test('whoever signs in a second time chooses an account again', async () => {
  const browser = new Browser()
  const first = await browser.open((await attempt()).url)
  await browser.open(first.url, { email: 'admin@example.com', password: 'demo' })
  const second = await attempt({ login_hint: 'auditor@example.com' })
  const page = await browser.open(second.url)
  expect(page.html).toContain('Continue as auditor@example.com')
  const { url } = await browser.open(page.url, { email: 'auditor@example.com', password: 'demo' })
  expect(await claimsAfter(second, url)).toMatchObject({ sub: 'demo-auditor' })
})

test('a sign-in ends at the portal or nowhere, and never without PKCE', async () => {
  const foreign = await new Browser().open((await attempt({ redirect_uri: 'http://evil.example/callback' })).url)
  expect(foreign.status).toBe(400)
  const { url } = await attempt()
  url.searchParams.delete('code_challenge')
  url.searchParams.delete('code_challenge_method')
  const without = await new Browser().open(url)
  expect(without.url.searchParams.get('error')).toBe('invalid_request')
})

test('a form that is too large ends the sign-in, not the provider', async () => {
  const browser = new Browser()
  const page = await browser.open((await attempt()).url)
  const refused = await browser.open(page.url, { email: 'x'.repeat(10_000), password: 'demo' })
  expect(refused.status).toBe(400)
  expect((await browser.open('/.well-known/openid-configuration')).status).toBe(200)
})
