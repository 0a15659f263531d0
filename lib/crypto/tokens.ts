import { createHash } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PREFIX = 'sp_'
/** 62^43 is the first power of 62 above 2^256. */
const DIGITS = 43
const RANDOM_BYTES = 32
const SHAPE = /^sp_[0-9A-Za-z]{43}$/
const HINT_CHARACTERS = 4

export interface MintedToken {
  /** Shown once, never stored. */
  readonly token: string
  /** What the store keeps. */
  readonly hash: string
  /** Last four characters, so that people can tell tokens apart. */
  readonly hint: string
}

/** A new access token: `sp_` and 43 base62 characters that hold 256 random bits. `random(n)` gives n random bytes. */
export function mintToken(random: (length: number) => Uint8Array): MintedToken {
  const token = PREFIX + base62(random(RANDOM_BYTES))
  return { token, hash: hashToken(token), hint: token.slice(-HINT_CHARACTERS) }
}

/** True when `text` could be an access token: lets a caller refuse anything else without asking the store. */
export function isToken(text: string): boolean {
  return SHAPE.test(text)
}

/**
 * SHA-256 in hex: how access tokens, device codes and the cookies of sign-ins rest in the store. They carry 256 random bits, so a
 * slow hash would protect nothing.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex')
}

function base62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let i = 0; i < DIGITS; i++) {
    text = ALPHABET.charAt(Number(value % 62n)) + text
    value /= 62n
  }
  return text
}
