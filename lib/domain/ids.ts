/** Identifiers carry their kind as a prefix, so that one can never stand where another is meant. */
const PREFIXES = {
  principal: 'pri_',
  connection: 'con_',
  session: 'ses_',
  run: 'run_',
  token: 'tok_',
  review: 'rev_',
  grant: 'gra_',
  notice: 'ntc_',
  signIn: 'sgn_',
  worker: 'wrk_',
  test: 'tst_',
  audit: 'aud_',
  sealingKey: 'key_',
} as const

export type IdKind = keyof typeof PREFIXES
export type Id<K extends IdKind> = `${(typeof PREFIXES)[K]}${string}`

export type PrincipalId = Id<'principal'>
export type ConnectionId = Id<'connection'>
export type SessionId = Id<'session'>
export type RunId = Id<'run'>
export type TokenId = Id<'token'>
export type ReviewId = Id<'review'>
export type GrantId = Id<'grant'>
export type NoticeId = Id<'notice'>
export type SignInId = Id<'signIn'>
export type WorkerId = Id<'worker'>
export type TestId = Id<'test'>
export type AuditId = Id<'audit'>
export type SealingKeyId = Id<'sealingKey'>

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** What an id is made from: injected, so that tests are repeatable. */
export interface IdSource {
  /** Milliseconds since 1970. */
  now(): number
  /** `length` random bytes. */
  random(length: number): Uint8Array
}

/** A new id: prefix, 9 characters of time (ids sort by age), 11 of chance (55 bits). */
export function newId<K extends IdKind>(kind: K, source: IdSource): Id<K> {
  let time = source.now()
  let head = ''
  for (let i = 0; i < 9; i++) {
    head = ALPHABET.charAt(time % 32) + head
    time = Math.floor(time / 32)
  }
  let tail = ''
  for (const byte of source.random(11)) tail += ALPHABET.charAt(byte & 31)
  return `${PREFIXES[kind]}${head}${tail}` as Id<K>
}

/** True when `text` has the shape of an id of this kind. Says nothing about its existence. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return text.startsWith(PREFIXES[kind]) && /^[0-9a-hjkmnp-tv-z]{20}$/.test(text.slice(PREFIXES[kind].length))
}
