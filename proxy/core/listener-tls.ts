import { constants } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { listenerNames, ownListenerCertificate } from '#lib/crypto/ca'
import type { Clock } from '#lib/domain/clock'
import { SallyportError } from '#lib/domain/errors'

export interface ListenerTlsSettings {
  readonly home: string
  readonly url: string
  readonly bind: string
  /** Files with the certificate (chain) and key to present instead of the gateway's own. */
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
  readonly clock: Clock
}

/** What the listeners present to clients. */
export interface ListenerTls {
  /** The current certificate and key, ready to use. */
  context(): SecureContext
  /** Renews or re-reads them. Call it about twice a day; when it rejects, the old ones stay in use. */
  refresh(): Promise<void>
}

/** Rejects with `startup_failed` when there is no usable certificate. */
export async function openListenerTls(settings: ListenerTlsSettings): Promise<ListenerTls> {
  let current = await load(settings)
  return {
    context: () => current,
    refresh: async () => {
      current = await load(settings)
    },
  }
}

async function load(settings: ListenerTlsSettings): Promise<SecureContext> {
  const { cert, key } = await material(settings)
  try {
    return createSecureContext({ cert, key, minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION })
  } catch (cause) {
    throw new SallyportError('startup_failed', "The listeners' TLS certificate and key do not fit or cannot be read", {
      cause,
    })
  }
}

async function material(settings: ListenerTlsSettings): Promise<{ cert: string; key: string }> {
  const { certFile, keyFile, home, clock } = settings
  if (certFile !== undefined && keyFile !== undefined)
    return { cert: await read(certFile, 'SALLYPORT_TLS_CERT'), key: await read(keyFile, 'SALLYPORT_TLS_KEY') }
  if (certFile !== undefined || keyFile !== undefined)
    throw new SallyportError('startup_failed', 'Set SALLYPORT_TLS_CERT and SALLYPORT_TLS_KEY together, or neither')
  return await ownListenerCertificate(home, listenerNames(settings), clock)
}

async function read(path: string, setting: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause) => {
    throw new SallyportError('startup_failed', `${setting}: ${path} cannot be read`, { cause })
  })
}
