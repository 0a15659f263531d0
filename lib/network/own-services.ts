import type { Env } from '../config/env'
import type { OwnService } from './target-addresses'

/** Ports of the gateway itself, which no target may have: a session that reached them would go round the gateway's own checks. */
export function ownServices(env: Env): readonly OwnService[] {
  const ports = [
    env.SALLYPORT_PORTAL_PORT,
    env.SALLYPORT_POSTGRES_PORT,
    env.SALLYPORT_SSH_PORT,
    env.SALLYPORT_HTTPS_PORT,
    env.SALLYPORT_DEMO_OIDC_PORT,
  ]
  return [...ports.map((port) => ({ host: null, port })), ...store(env)]
}

/** The store, when it has a host and a port; a unix socket cannot be dialled. */
function store(env: Env): OwnService[] {
  if (env.SALLYPORT_STORE_URL === undefined) return []
  const { hostname, port, searchParams } = new URL(env.SALLYPORT_STORE_URL)
  const folder = searchParams.get('host')?.startsWith('/') ?? false
  return folder || hostname === '' ? [] : [{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 5432) }]
}
