import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DEMO_CLIENT } from '#lib/auth/settings'
import { readEnv } from '#lib/config/env'
import { keptDemoSecrets } from './demo/kept'
import { demoProvider } from './demo/provider'

/** The demo identity provider as a process of its own. Loopback only: its passwords are public. */
const env = readEnv()
const secrets = await keptDemoSecrets({ keys: join(env.SALLYPORT_HOME, 'keys') })
const tokens = await readFile(join(import.meta.dirname, '..', 'app', 'tokens.css'), 'utf8')
const port = env.SALLYPORT_DEMO_OIDC_PORT
const server = createServer(
  demoProvider({
    issuer: `http://localhost:${port}`,
    portalUrl: env.SALLYPORT_URL,
    client: DEMO_CLIENT,
    jwks: { keys: [secrets.signingKey] },
    cookieKey: secrets.cookieKey,
    tokensCss: tokens.replace(/\/\*[\s\S]*?\*\//g, ''),
  }),
)
server.listen(port, '127.0.0.1')
await once(server, 'listening')
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
