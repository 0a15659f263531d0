import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { AUTH, cstring, int32, message } from '../handshake-messages'
import type { Peer } from './fake-server'

const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest()

/** What a hostile server does otherwise. */
export interface ScramScript {
  readonly password: string
  readonly mechanisms?: readonly string[]
  readonly iterations?: number
  challenge?(honest: string): string
  proof?(honest: string): string
}

/** The server's half of SCRAM-SHA-256, up to its proof. Returns the client's two messages. */
export async function serveScram(peer: Peer, script: ScramScript): Promise<{ mechanism: string; final: string }> {
  const mechanisms = script.mechanisms ?? ['SCRAM-SHA-256']
  peer.say(message('R', int32(AUTH.sasl), ...mechanisms.map(cstring), Buffer.alloc(1)))
  const { body } = await peer.message()
  const end = body.indexOf(0)
  const first = body.toString('latin1', end + 5)
  const bare = first.slice(first.indexOf('n='))
  const salt = randomBytes(16)
  const iterations = script.iterations ?? 4_096
  const honest = `r=${bare.slice(bare.indexOf('r=') + 2)}SERVER,s=${salt.toString('base64')},i=${iterations}`
  const challenge = script.challenge?.(honest) ?? honest
  peer.say(message('R', int32(AUTH.saslContinue), Buffer.from(challenge)))
  const final = (await peer.message()).body.toString('latin1')
  const salted = pbkdf2Sync(script.password, salt, iterations, 32, 'sha256')
  const authMessage = `${bare},${challenge},${final.slice(0, final.lastIndexOf(',p='))}`
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest()
  const key = Buffer.from(final.slice(final.lastIndexOf(',p=') + 3), 'base64').map(
    (byte, i) => byte ^ (hmac(stored, authMessage)[i] ?? 0),
  )
  if (!createHash('sha256').update(key).digest().equals(stored)) throw new Error('the client proved nothing')
  const proof = `v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}`
  peer.say(message('R', int32(AUTH.saslFinal), Buffer.from(script.proof?.(proof) ?? proof)))
  return { mechanism: body.toString('latin1', 0, end), final }
}
