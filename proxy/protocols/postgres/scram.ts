import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/**
 * What the client says about channel binding (RFC 5802, gs2-header): `none` cannot bind, `unoffered` could but the server does not
 * offer it, `bound` proves over which TLS connection it signs in (RFC 5929, tls-server-end-point).
 */
export type ChannelBinding =
  | { readonly kind: 'none' }
  | { readonly kind: 'unoffered' }
  | { readonly kind: 'bound'; readonly data: Uint8Array }

export class ScramError extends Error {}

export interface ScramParts {
  /** After SASLprep. The exchange wipes it once it is derived. */
  readonly password: Buffer
  readonly binding: ChannelBinding
  /** Printable ASCII without commas, at least 18 random bytes' worth. */
  readonly nonce: string
  readonly maxIterations: number
}

const KEY_BYTES = 32
const derive = promisify(pbkdf2)
const FIRST = /^r=([\x21-\x2b\x2d-\x7e]{1,512}),s=([A-Za-z0-9+/]{1,512}={0,2}),i=([1-9]\d{0,9})$/
const FINAL = /^v=([A-Za-z0-9+/]{43}=)$/

/** The client's half of SCRAM-SHA-256 (RFC 5802, RFC 7677). Pure but for hashing; each step may be called once, in order. */
export class ScramClient {
  readonly #parts: ScramParts
  readonly #userName: string
  #serverSignature: Buffer | null = null

  /** PostgreSQL takes the name from the startup packet and ignores this one; the RFC's own examples need it. */
  constructor(parts: ScramParts, userName = '') {
    this.#parts = parts
    this.#userName = userName
  }

  /** The client-first-message. */
  first(): string {
    return this.#header() + this.#bare()
  }

  /** Answers the server-first-message with the client-final-message. Rejects with ScramError. */
  async respond(serverFirst: string): Promise<string> {
    const match = FIRST.exec(serverFirst)
    if (!match) throw new ScramError('its SCRAM challenge is malformed')
    const [, nonce = '', salt = '', count = ''] = match
    const { nonce: ours, maxIterations } = this.#parts
    if (!nonce.startsWith(ours) || nonce.length <= ours.length)
      throw new ScramError('its SCRAM challenge does not answer this sign-in')
    const iterations = Number(count)
    if (iterations > maxIterations)
      throw new ScramError(`it asks for ${iterations} SCRAM iterations, more than the ${maxIterations} allowed`)
    const withoutProof = `c=${this.#bindingInput().toString('base64')},r=${nonce}`
    const proof = await this.#prove(Buffer.from(salt, 'base64'), iterations, `${serverFirst},${withoutProof}`)
    return `${withoutProof},p=${proof.toString('base64')}`
  }

  /** Checks the server-final-message: only who knows the password's verifier can have sent it. Throws ScramError. */
  verify(serverFinal: string): void {
    const match = FINAL.exec(serverFinal)
    const expected = this.#serverSignature
    const given = Buffer.from(match?.[1] ?? '', 'base64')
    if (!match || !expected || given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new ScramError('it could not prove that it knows the password')
    expected.fill(0)
    this.#serverSignature = null
  }

  async #prove(salt: Buffer, iterations: number, tail: string): Promise<Buffer> {
    const salted = await derive(this.#parts.password, salt, iterations, KEY_BYTES, 'sha256')
    this.#parts.password.fill(0)
    const clientKey = hmac(salted, 'Client Key')
    const serverKey = hmac(salted, 'Server Key')
    const authMessage = `${this.#bare()},${tail}`
    const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage)
    this.#serverSignature = hmac(serverKey, authMessage)
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)))
    for (const secret of [salted, clientKey, serverKey]) secret.fill(0)
    return proof
  }

  #header(): string {
    const { kind } = this.#parts.binding
    if (kind === 'bound') return 'p=tls-server-end-point,,'
    return kind === 'unoffered' ? 'y,,' : 'n,,'
  }

  #bare(): string {
    return `n=${this.#userName},r=${this.#parts.nonce}`
  }

  #bindingInput(): Buffer {
    const { binding } = this.#parts
    const header = Buffer.from(this.#header(), 'latin1')
    return binding.kind === 'bound' ? Buffer.concat([header, binding.data]) : header
  }
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
