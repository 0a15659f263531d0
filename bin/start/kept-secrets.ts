import { randomBytes, scryptSync } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { STORE_ROLES, type StoreRole } from '#lib/db/role-names'
import { SallyportError } from '#lib/domain/errors'
import type { Home } from './home'

const secret = z.string().min(16)
const storeSecrets = z.object({
  superuser: secret,
  owner: secret,
  portal: secret,
  proxy: secret,
  recorder: secret,
  retention: secret,
})
export type StoreSecrets = z.infer<typeof storeSecrets>

/** Passwords of the embedded store, made at first start; `keys/store.json`, mode 0600. */
export function keptStoreSecrets(home: Home): Promise<StoreSecrets> {
  return kept(join(home.keys, 'store.json'), storeSecrets, () => ({
    superuser: freshSecret(),
    owner: freshSecret(),
    portal: freshSecret(),
    proxy: freshSecret(),
    recorder: freshSecret(),
    retention: freshSecret(),
  }))
}

/**
 * Passwords of the roles in a store of somebody else's. Derived from the owner's, so that every host that is given the same
 * DATABASE_URL comes to the same ones.
 */
export function derivedStoreSecrets(ownerPassword: string, database: string): Record<StoreRole, string> {
  const derive = (role: StoreRole) =>
    scryptSync(ownerPassword, `sallyport ${database} ${role}`, 32).toString('base64url')
  const entries = STORE_ROLES.map((role) => [role, derive(role)] as const)
  return Object.fromEntries(entries) as Record<StoreRole, string>
}

/** The operator's token, in `admin.token` (mode 0600): whoever can read it administers this installation. */
export async function keptOperatorToken(home: Home): Promise<string> {
  const path = join(home.path, 'admin.token')
  await writeOnce(path, `spo_${freshSecret()}\n`)
  return (await readFile(path, 'utf8')).trim()
}

/** A JSON file of secrets that is made once and then only read. Throws `startup_failed` when it has been damaged. */
export async function kept<T>(path: string, schema: z.ZodType<T>, make: () => T): Promise<T> {
  await writeOnce(path, `${JSON.stringify(make(), null, 2)}\n`)
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new SallyportError('startup_failed', `${path} is damaged: restore it from a backup`, { cause })
  }
}

/** Appears whole or not at all, and never replaces what is there. */
async function writeOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}

export function freshSecret(): string {
  return randomBytes(24).toString('base64url')
}
