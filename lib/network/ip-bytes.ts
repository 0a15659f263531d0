import { isIPv4, isIPv6 } from 'node:net'

/** The 4 or 16 bytes of an IP address in any of its spellings (a zone is dropped); null when it is none. */
export function ipBytes(address: string): Buffer | null {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const bare = address.replace(/%.*$/, '')
  if (!isIPv6(bare)) return null
  const hex = bare.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [left = '', right] = hex.split('::')
  const head = groups(left)
  const tail = right === undefined ? [] : groups(right)
  const bytes = Buffer.alloc(16)
  for (const [i, group] of head.entries()) bytes.writeUInt16BE(group, i * 2)
  for (const [i, group] of tail.entries()) bytes.writeUInt16BE(group, 16 - (tail.length - i) * 2)
  return bytes
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

/** The IPv4 address that an IPv6 one carries (mapped, compatible, NAT64, 6to4); null when it carries none. */
export function embeddedIpv4(bytes: Buffer): Buffer | null {
  if (bytes.length !== 16) return null
  const head = bytes.subarray(0, 12).toString('hex')
  if (head === '00000000000000000000ffff' || head === '0064ff9b0000000000000000') return bytes.subarray(12)
  if (head === '000000000000000000000000' && bytes.readUInt32BE(12) > 1) return bytes.subarray(12)
  if (bytes.readUInt16BE(0) === 0x2002) return bytes.subarray(2, 6)
  return null
}
