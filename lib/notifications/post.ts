import { lookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { SallyportError } from '../domain/errors'
import { type AddressRules, checkAddresses } from '../network/target-addresses'

export interface PostOptions extends Pick<AddressRules, 'allow' | 'own'> {
  /** The system's resolver unless a test says otherwise. */
  resolve?(host: string): Promise<readonly string[]>
  readonly timeoutMs?: number
}

/** Resolves when the receiver took it. Rejects with words that are fit for the settings page. */
export type Post = (url: URL, headers: Readonly<Record<string, string>>, body: string) => Promise<void>

const TIMEOUT_MS = 5_000

/**
 * Posts to where an admin said, by the rules of targets: the host is resolved once, every address is checked, and a checked one is
 * connected to. Redirects are not followed and answers are not read.
 */
export function createPost(options: PostOptions): Post {
  const resolve = options.resolve ?? systemResolve
  const check = checkAddresses({ allow: options.allow, own: options.own, localAddresses, resolve })
  return async (url, headers, body) => {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    const addresses = isIP(host) ? [host] : await resolve(host).catch(() => [])
    const [first] = addresses
    if (first === undefined) throw failed('its host name cannot be resolved')
    for (const address of addresses) {
      const reason = await check(address, port)
      if (reason !== null) throw failed(reason)
    }
    const status = await send({ url, address: first, port, host }, headers, body, options.timeoutMs ?? TIMEOUT_MS)
    if (status < 200 || status > 299) throw failed(`it answered ${status}`)
  }
}

interface Place {
  readonly url: URL
  readonly address: string
  readonly port: number
  readonly host: string
}

function send(
  { url, address, port, host }: Place,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<number> {
  const options = {
    ...{ host: address, port, method: 'POST', path: `${url.pathname}${url.search}`, agent: false as const },
    headers: { ...headers, host: url.host, 'content-length': String(Buffer.byteLength(body)) },
    signal: AbortSignal.timeout(timeoutMs),
  }
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    }
    const sending =
      url.protocol === 'https:'
        ? httpsRequest({ ...options, ...(isIP(host) ? {} : { servername: host }) }, answered)
        : httpRequest(options, answered)
    sending.on('error', (cause) =>
      reject(failed(cause.name === 'AbortError' ? 'it did not answer in time' : 'it cannot be reached', cause)),
    )
    sending.end(body)
  })
}

function failed(reason: string, cause?: unknown): SallyportError {
  return new SallyportError('target_unreachable', reason, { cause })
}

async function systemResolve(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

function localAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
}
