import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import Provider, { type Configuration, interactionPolicy, type JWK } from 'oidc-provider'
import { DEMO_ACCOUNTS, DEMO_PASSWORD, findDemoAccount } from './accounts'
import { renderSignInPage } from './sign-in-page'

export interface DemoProviderInput {
  /** Such as http://localhost:3010. */
  readonly issuer: string
  /** The portal's public address: where a sign-in may end. */
  readonly portalUrl: string
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  readonly jwks: { readonly keys: JWK[] }
  readonly cookieKey: string
  readonly tokensCss: string
}

const FORM_BYTES = 4_096
/** What the portal asks for when it asks for nothing special; groups come with it. */
const SCOPES = 'openid profile email groups'

/**
 * An OpenID provider for the demo: real protocol (PKCE, signed ID tokens), made-up accounts, no consent page, and always a choice of
 * account. A form of `email` and `password` posted to /interaction/ID ends a sign-in.
 */
export function demoProvider(input: DemoProviderInput): RequestListener {
  const provider = new Provider(input.issuer, configuration(input))
  const callback = new URL('/api/auth/callback/', input.portalUrl).href
  // The demo's portal may be reached under any of its callback names.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => uri.startsWith(callback)
  const rest = provider.callback()
  return (request, response) => {
    const handled = request.url?.startsWith('/interaction/')
      ? interact(provider, input, request, response)
      : rest(request, response)
    Promise.resolve(handled).catch((error: unknown) => {
      console.error(error)
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' })
      response.end('This sign-in has ended. Start again from the portal.')
    })
  }
}

function configuration(input: DemoProviderInput): Configuration {
  const policy = interactionPolicy.base()
  // Without this the provider's own session would sign the last account in again, with no way to another.
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check('choose', 'Choose an account', (ctx) => ctx.oidc.result?.login === undefined),
    )
  return {
    clients: [
      {
        client_id: input.client.clientId,
        client_secret: input.client.clientSecret,
        redirect_uris: [new URL('/api/auth/callback/oidc', input.portalUrl).href],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: input.jwks,
    cookies: { keys: [input.cookieKey], long: { signed: true }, short: { signed: true } },
    scopes: SCOPES.split(' '),
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'], groups: ['groups'] },
    // The portal reads the ID token, not the userinfo endpoint.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError(ctx, out) {
      ctx.type = 'text/plain'
      ctx.body = `This sign-in failed: ${out.error_description ?? out.error}. Start again from the portal.`
    },
    ttl: { Interaction: 3600, Session: 3600, Grant: 3600, IdToken: 600, AccessToken: 600 },
    findAccount: (_ctx, id) => {
      const account = DEMO_ACCOUNTS.find((candidate) => candidate.subject === id)
      if (!account) return undefined
      const { subject, email, name, groups } = account
      return {
        accountId: subject,
        claims: () => ({ sub: subject, email, email_verified: true, name, groups: [...groups] }),
      }
    },
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      grant.addOIDCScope(SCOPES)
      await grant.save()
      return grant
    },
  }
}

async function interact(
  provider: Provider,
  input: DemoProviderInput,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response)
  const { uid, params } = interaction
  let refused: string | null = null
  if (request.method === 'POST') {
    const form = await readForm(request)
    const email = form.get('email') ?? ''
    const account = findDemoAccount(email)
    if (account && form.get('password') === DEMO_PASSWORD) {
      await forgetSession(provider, interaction)
      const result = { login: { accountId: account.subject } }
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    }
    refused = email.slice(0, 100)
  }
  const portal = new URL(input.portalUrl)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    // A browser holds the redirect after the form to form-action too.
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${portal.origin}; frame-ancestors 'none'; base-uri 'none'`,
  })
  const hint = typeof params.login_hint === 'string' ? findDemoAccount(params.login_hint) : undefined
  const page = { action: `/interaction/${uid}`, suggested: hint, refused, tokens: input.tokensCss, portal: portal.host }
  response.end(renderSignInPage(page))
}

/** Whoever was signed in before in this browser: the provider would put a page between them and another account. */
async function forgetSession(
  provider: Provider,
  interaction: Awaited<ReturnType<Provider['interactionDetails']>>,
): Promise<void> {
  if (!interaction.session) return
  const session = await provider.Session.findByUid(interaction.session.uid)
  await session?.destroy()
  delete interaction.session
  await interaction.persist()
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > FORM_BYTES) throw new Error('the form is too large')
  }
  return new URLSearchParams(text)
}
