import type { Env } from '../config/env'
import { SallyportError } from '../domain/errors'

export interface ProviderSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/** What the demo provider knows the portal as. It only ever listens on loopback. */
export const DEMO_CLIENT = { clientId: 'sallyport', clientSecret: 'sallyport-demo' } as const

/** The identity provider of the settings; the demo provider when there is none and the demo is on. Throws `startup_failed`. */
export function providerSettings(env: Env): ProviderSettings {
  const {
    SALLYPORT_OIDC_ISSUER: issuer,
    SALLYPORT_OIDC_CLIENT_ID: clientId,
    SALLYPORT_OIDC_CLIENT_SECRET: clientSecret,
  } = env
  if (issuer !== undefined) {
    if (clientId === undefined || clientSecret === undefined)
      throw new SallyportError(
        'startup_failed',
        'SALLYPORT_OIDC_ISSUER needs SALLYPORT_OIDC_CLIENT_ID and SALLYPORT_OIDC_CLIENT_SECRET.',
      )
    return { issuer, clientId, clientSecret }
  }
  if (!env.SALLYPORT_DEMO)
    throw new SallyportError('startup_failed', 'No identity provider is set: SALLYPORT_OIDC_ISSUER is missing.')
  return { issuer: `http://localhost:${env.SALLYPORT_DEMO_OIDC_PORT}`, ...DEMO_CLIENT }
}
