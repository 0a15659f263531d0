import { readEnv } from '#lib/config/env'
import type { Gateway } from './snippets'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

/** How clients reach the PostgreSQL listener: the portal's own host, the listener's port, TLS unless both ends are this machine. */
export function postgresGateway(): Gateway {
  const env = readEnv()
  const host = new URL(env.SALLYPORT_URL).hostname
  const tls = LOOPBACK.test(env.SALLYPORT_BIND) ? 'optional' : env.SALLYPORT_TLS_CERT ? 'public-ca' : 'own-ca'
  return { host, port: env.SALLYPORT_POSTGRES_PORT, tls }
}
