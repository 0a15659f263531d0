import { isUtf8 } from 'node:buffer'
import saslprep from '@mongodb-js/saslprep'

/**
 * A password as SCRAM hashes it: SASLprep (RFC 4013) where it is valid UTF-8 that the profile allows, else its bytes as they are,
 * which is what PostgreSQL's server and libpq do. The result is a new buffer for the caller to wipe.
 */
export function prepareScramPassword(password: Uint8Array): Buffer {
  const ascii = password.every((byte) => byte >= 0x20 && byte < 0x7f)
  if (ascii || !isUtf8(password)) return Buffer.from(password)
  try {
    return Buffer.from(saslprep(Buffer.from(password).toString('utf8')), 'utf8')
  } catch {
    return Buffer.from(password)
  }
}
