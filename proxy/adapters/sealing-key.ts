import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { createSealingKeyPair, type SealingKeyPair } from '#lib/crypto/unsealing'
import { SallyportError } from '#lib/domain/errors'
import { type IdSource, isId, newId, type SealingKeyId } from '#lib/domain/ids'

/** The key that secrets are sealed to. Its private half stays in this folder of this host. */
export interface SealingKey extends SealingKeyPair {
  readonly id: SealingKeyId
}

const base64Key = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
const fileShape = z.strictObject({
  id: z.custom<SealingKeyId>((value) => typeof value === 'string' && isId('sealingKey', value)),
  publicKey: base64Key.refine((key) => key.length === 32),
  privateKey: base64Key.refine((key) => key.length === 32),
})

/**
 * Reads the key in `folder`, or makes one there (mode 0600). Of workers that start at once, one makes it and all use it.
 * Throws `startup_failed` when the file is not a key: a new one would make every stored secret unreadable.
 */
export async function loadSealingKey(folder: string, ids: IdSource): Promise<SealingKey> {
  const path = join(folder, 'sealing-key.json')
  const existing = await readKey(path)
  if (existing) return existing
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await createKey(path, ids)
  const created = await readKey(path)
  if (!created) throw new SallyportError('startup_failed', `Cannot make the sealing key ${path}`)
  return created
}

async function readKey(path: string): Promise<SealingKey | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new SallyportError('startup_failed', `Cannot read the sealing key ${path}`, { cause: error })
  }
  try {
    return fileShape.parse(JSON.parse(text))
  } catch (cause) {
    throw new SallyportError('startup_failed', `${path} is not a sealing key; restore it from a backup`, { cause })
  }
}

/** Writes aside, syncs, then links into place: the name never shows a half-written key, and never changes its content. */
async function createKey(path: string, ids: IdSource): Promise<void> {
  const pair = await createSealingKeyPair()
  const content = JSON.stringify({
    id: newId('sealingKey', ids),
    publicKey: Buffer.from(pair.publicKey).toString('base64'),
    privateKey: Buffer.from(pair.privateKey).toString('base64'),
  })
  const aside = `${path}.${Buffer.from(ids.random(6)).toString('hex')}`
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(`${content}\n`)
    await file.sync()
    await link(aside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new SallyportError('startup_failed', `Cannot write the sealing key ${path}`, { cause: error })
  } finally {
    await file.close()
    await unlink(aside)
  }
}
