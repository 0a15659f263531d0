import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEnv } from '#lib/config/env'
import { type CertificateFacts, certificateFacts } from '#lib/services/settings/read'

/** The gateway's own CA, as far as this host has it: its certificate is public. null where the proxies run elsewhere. */
export async function readCaCertificate(): Promise<CertificateFacts | null> {
  try {
    return certificateFacts(await readFile(join(readEnv().SALLYPORT_HOME, 'tls', 'ca.pem'), 'utf8'))
  } catch {
    return null
  }
}
