import { SallyportError } from './errors'

export interface Address {
  /** Lower case; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?$/
const IPV6 = /^[0-9a-f:.]{2,45}$/

/**
 * Reads `host:port`, `host`, `[ipv6]:port` or `[ipv6]`. Shape only: whether the host may be reached is decided when it is resolved.
 * Throws `invalid_input`.
 */
export function parseAddress(text: string, defaultPort: number): Address {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text)
  const plain = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(text)
  const match = bracketed ?? plain
  const host = (match?.[1] ?? '').toLowerCase()
  if (!(bracketed ? IPV6.test(host) && host.includes(':') : HOST.test(host)))
    throw wrong('must look like db.internal:5432')
  const port = match?.[2] === undefined ? defaultPort : Number(match[2])
  if (port < 1 || port > 65_535) throw wrong('the port must be 1 to 65535')
  return { host, port }
}

/** The text `parseAddress` reads back to the same address. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function wrong(reason: string): SallyportError {
  return new SallyportError('invalid_input', `address: ${reason}`, { field: 'address' })
}
