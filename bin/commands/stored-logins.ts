import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Env } from '#lib/config/env'

const storedLogin = z.object({
  /** Address of the portal it is good for. */
  url: z.string(),
  email: z.string(),
  token: z.string(),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
})
export type StoredLogin = z.infer<typeof storedLogin>

/** Beside the data where there is some on this machine, else in the person's own settings. */
function folderOf(env: Env): string {
  return existsSync(env.SALLYPORT_HOME) ? join(env.SALLYPORT_HOME, 'cli') : join(homedir(), '.config', 'sallyport')
}

/** Logins of this machine that have not expired. A damaged file counts as none. */
export function readLogins(env: Env, now: number = Date.now()): StoredLogin[] {
  try {
    const text = readFileSync(join(folderOf(env), 'logins.json'), 'utf8')
    return z
      .array(storedLogin)
      .parse(JSON.parse(text))
      .filter((login) => login.expiresAt > now)
  } catch {
    return []
  }
}

/** Keeps a login in place of an older one of the same person at the same portal; readable to this user alone. */
export function keepLogin(env: Env, login: StoredLogin): void {
  const others = readLogins(env).filter(({ url, email }) => url !== login.url || email !== login.email)
  const folder = folderOf(env)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'logins.json')
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify([...others, login], null, 2)}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}
