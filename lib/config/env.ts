import { availableParallelism, homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { SallyportError } from '../domain/errors'
import type { Limits } from '../domain/limits'
import { readLimits } from './limit-settings'

const port = (fallback: number) =>
  z.coerce
    .number()
    .int('must be a whole number')
    .min(1, 'must be 1 to 65535')
    .max(65_535, 'must be 1 to 65535')
    .default(fallback)
const text = (fallback: string) => z.string().min(1).default(fallback)
const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )

/** Every part must be legal: what a driver says about one that is not does not name the setting. */
function isStoreAddress(value: string): boolean {
  try {
    const { protocol, hostname, username, password, pathname } = new URL(value)
    return /^postgres(ql)?:$/.test(protocol) && [username, password, pathname].every(isEscapedWell) && hostname !== ''
  } catch {
    return false
  }
}

function isEscapedWell(part: string): boolean {
  try {
    return decodeURIComponent(part).length >= 0
  } catch {
    return false
  }
}

/** Half of the processors: the other half is the store's, the portal's, and often the target's. */
const usualWorkers = () => Math.min(8, Math.max(1, Math.floor(availableParallelism() / 2)))

/** Every setting the product knows, with its default. Nothing else reads the environment. */
const schema = z
  .object({
    SALLYPORT_HOME: text('.sallyport'),
    DATABASE_URL: z
      .string()
      .refine(isStoreAddress, 'must look like postgres://user:password@host:5432/database')
      .optional(),
    /** Default: http://localhost and the portal's port. */
    SALLYPORT_URL: z.url('must be an address such as https://sallyport.example.com').optional(),
    SALLYPORT_PORTAL_PORT: port(3000),
    SALLYPORT_POSTGRES_PORT: port(15_432),
    SALLYPORT_SSH_PORT: port(12_222),
    SALLYPORT_HTTPS_PORT: port(18_443),
    SALLYPORT_BIND: text('127.0.0.1'),
    SALLYPORT_TARGET_ALLOW: list,
    SALLYPORT_OIDC_ISSUER: z.url().optional(),
    SALLYPORT_OIDC_CLIENT_ID: z.string().min(1).optional(),
    SALLYPORT_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
    SALLYPORT_OIDC_NAME: text('Single sign-on'),
    SALLYPORT_OIDC_GROUPS_CLAIM: text('groups'),
    SALLYPORT_OIDC_SCOPE: text('openid profile email'),
    /** Groups whose members are admins from the first sign-in on, besides the mapping kept in the store. */
    SALLYPORT_ADMIN_GROUPS: list,
    /** Told about every review, signed with the secret. */
    SALLYPORT_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    SALLYPORT_WEBHOOK_SECRET: z.string().min(16, 'must have 16 characters at least').optional(),
    /** An incoming webhook of Slack: told about what waits for approval. */
    SALLYPORT_SLACK_URL: z.url({ protocol: /^https$/, error: 'must be an https address' }).optional(),
    SALLYPORT_WORKERS: z.coerce.number().int().min(1).max(64).default(usualWorkers()),
    SALLYPORT_TLS_CERT: z.string().min(1).optional(),
    SALLYPORT_TLS_KEY: z.string().min(1).optional(),
    SALLYPORT_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    /** Demo provider and demo target; `npm run quickstart` turns them on. */
    SALLYPORT_DEMO: z.stringbool().default(false),
    SALLYPORT_DEMO_OIDC_PORT: port(3010),
    SALLYPORT_DEMO_TARGET_PORT: port(15_433),
    /** Command line: who it speaks as. */
    SALLYPORT_TOKEN: z.string().min(1).optional(),
    /** Set by the supervisor for its children; not meant for people. */
    SALLYPORT_STORE_URL: z.string().optional(),
    SALLYPORT_RECORDER_URL: z.string().optional(),
    SALLYPORT_RETENTION_URL: z.string().optional(),
  })
  .refine((env) => (env.SALLYPORT_WEBHOOK_URL === undefined) === (env.SALLYPORT_WEBHOOK_SECRET === undefined), {
    path: ['SALLYPORT_WEBHOOK_SECRET'],
    error: 'SALLYPORT_WEBHOOK_URL and SALLYPORT_WEBHOOK_SECRET need each other',
  })

export type Env = Omit<z.infer<typeof schema>, 'SALLYPORT_HOME' | 'SALLYPORT_URL'> & {
  /** Absolute. */
  readonly SALLYPORT_HOME: string
  readonly SALLYPORT_URL: string
  /** Set by `SALLYPORT_LIMIT_…`. */
  readonly limits: Limits
}

/**
 * Reads and checks the environment. Relative `SALLYPORT_HOME` is taken from `cwd`.
 * Throws SallyportError `startup_failed` naming the first setting that is wrong.
 */
export function readEnv(source: Record<string, string | undefined> = process.env, cwd: string = process.cwd()): Env {
  const given = Object.entries(source).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '')
  const present = Object.fromEntries(given)
  const parsed = schema.safeParse(present)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new SallyportError(
      'startup_failed',
      `${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'not valid'}`,
    )
  }
  const home = parsed.data.SALLYPORT_HOME.replace(/^~(?=\/|$)/, homedir())
  const url = parsed.data.SALLYPORT_URL ?? `http://localhost:${parsed.data.SALLYPORT_PORTAL_PORT}`
  return {
    ...parsed.data,
    SALLYPORT_HOME: isAbsolute(home) ? home : resolve(cwd, home),
    SALLYPORT_URL: url,
    limits: readLimits(present),
  }
}

/** Never handed on to a child: the owner's address of the store, what libraries would read instead of it, and people's tokens. */
const WITHHELD = /^(DATABASE_URL|PG[A-Z]+|SALLYPORT_TOKEN|SALLYPORT_(STORE|RECORDER|RETENTION)_URL)$/

/** The environment for a child of the supervisor: ours without what it has no business with, and `extra`. */
export function childEnvironment(
  extra: Readonly<Record<string, string>>,
  source: Record<string, string | undefined> = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(source).filter(([name]) => !WITHHELD.test(name))
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...extra }
}

/** A variable that a person named in a sallyport.yaml as the source of a secret. */
export function readVariable(
  name: string,
  source: Record<string, string | undefined> = process.env,
): string | undefined {
  return source[name]
}

/** next-auth reads its own public address from the environment, and believes request headers when it is not there. */
export function pinAuthUrl(url: string): void {
  process.env.AUTH_URL = new URL(url).origin
  for (const name of ['NEXTAUTH_URL', 'AUTH_REDIRECT_PROXY_URL']) delete process.env[name]
}
