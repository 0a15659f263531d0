import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import type { JWK } from 'oidc-provider'
import { z } from 'zod'
import type { Home } from '../start/home'
import { freshSecret, kept } from '../start/kept-secrets'

const demoSecrets = z.object({
  targetSuperuser: z.string().min(16),
  targetPassword: z.string().min(16),
  cookieKey: z.string().min(16),
  signingKey: z.custom<JWK>((value) => typeof value === 'object' && value !== null && 'kty' in value),
})
export type DemoSecrets = z.infer<typeof demoSecrets>

/** Passwords of the demo target and keys of the demo provider, made at first start; `keys/demo.json`, mode 0600. */
export function keptDemoSecrets(home: Pick<Home, 'keys'>): Promise<DemoSecrets> {
  return kept(join(home.keys, 'demo.json'), demoSecrets, () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    return {
      targetSuperuser: freshSecret(),
      targetPassword: freshSecret(),
      cookieKey: freshSecret(),
      signingKey: { ...privateKey.export({ format: 'jwk' }), kid: freshSecret(), use: 'sig', alg: 'RS256' } as JWK,
    }
  })
}
