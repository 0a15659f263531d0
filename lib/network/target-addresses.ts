import { BlockList, isIP } from 'node:net'
import { SallyportError } from '../domain/errors'
import { embeddedIpv4, ipBytes } from './ip-bytes'

/** Where a target may not be unless an admin allowed the range: this host, its link, groups of hosts, cloud metadata. */
const REFUSED = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '::',
  '::1',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254',
  'fd20:ce::254',
]

/** A port of the gateway itself. `host` null: on this machine, whatever the address. */
export interface OwnService {
  readonly host: string | null
  readonly port: number
}

export interface AddressRules {
  /** Ranges (`127.0.0.0/8`) and addresses that targets may have besides public and private ones. */
  readonly allow: readonly string[]
  readonly own: readonly OwnService[]
  /** Addresses of this machine's interfaces, now. */
  localAddresses(): readonly string[]
  /** Addresses of a host name; used for own services that run elsewhere (a store). */
  resolve(host: string): Promise<readonly string[]>
}

/** Says why a resolved target address may not be dialled; null when it may. The words are fit for a client. */
export type CheckAddress = (address: string, port: number) => Promise<string | null>

/** Throws `startup_failed` when a range of `allow` is none. */
export function checkAddresses(rules: AddressRules): CheckAddress {
  const refused = ranges(REFUSED)
  const allowed = ranges(rules.allow)
  return async (address, port) => {
    const forms = formsOf(address)
    if (!forms) return 'the address is not an IP address'
    if (await isOwn(rules, forms, port)) return 'the address is one of the gateway itself'
    const bad = forms.some((form) => contains(refused, form) && !contains(allowed, form))
    return bad ? 'the address is loopback, link-local or reserved, and no allowed range holds it' : null
  }
}

async function isOwn(rules: AddressRules, forms: readonly Buffer[], port: number): Promise<boolean> {
  for (const service of rules.own) {
    if (service.port !== port) continue
    const theirs = service.host === null ? null : await rules.resolve(service.host).catch(() => [])
    if (theirs === null || theirs.some((at) => isLocal(rules, formsOf(at) ?? []))) {
      if (isLocal(rules, forms)) return true
    }
    if (theirs?.some((at) => overlap(formsOf(at) ?? [], forms))) return true
  }
  return false
}

function isLocal(rules: AddressRules, forms: readonly Buffer[]): boolean {
  const loopback = ranges(['127.0.0.0/8', '0.0.0.0/8', '::', '::1'])
  if (forms.some((form) => contains(loopback, form))) return true
  return rules.localAddresses().some((own) => overlap(formsOf(own) ?? [], forms))
}

function overlap(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.some((one) => b.some((other) => one.equals(other)))
}

/** An address and, where it is an IPv6 one that leads to an IPv4 one, that too: each must pass. */
function formsOf(address: string): Buffer[] | null {
  const bytes = ipBytes(address)
  if (!bytes) return null
  const inner = embeddedIpv4(bytes)
  return inner ? [bytes, inner] : [bytes]
}

function contains(list: BlockList, bytes: Buffer): boolean {
  return bytes.length === 4 ? list.check(bytes.join('.'), 'ipv4') : list.check(textOf(bytes), 'ipv6')
}

function textOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return (hex.match(/.{4}/g) ?? []).join(':')
}

function ranges(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) addRange(list, text)
  return list
}

function addRange(list: BlockList, text: string): void {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (version === 0 || length < 0 || length > bits || rest.length > 0)
    throw new SallyportError(
      'startup_failed',
      `SALLYPORT_TARGET_ALLOW: ${JSON.stringify(text)} is no address range such as 127.0.0.0/8 or ::1`,
    )
  list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
}
