import { z } from 'zod'
import { SallyportError } from '../domain/errors'
import { LIMIT_RANGES } from '../domain/limit-ranges'
import { LIMITS, type Limits } from '../domain/limits'

const PREFIX = 'SALLYPORT_LIMIT_'

export const LIMIT_NAMES = Object.keys(LIMITS) as (keyof Limits)[]

/** `messageBytes` is set by `SALLYPORT_LIMIT_MESSAGE_BYTES`. */
export function settingOf(limit: keyof Limits): string {
  return PREFIX + limit.replace(/[A-Z]/g, '_$&').toUpperCase()
}

function within(limit: keyof Limits) {
  const [least, most] = LIMIT_RANGES[limit]
  const wrong = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,15}$/, wrong)
    .transform(Number)
    .refine((value) => value >= least && value <= most, wrong)
    .default(LIMITS[limit])
}

const settings = z.strictObject(
  Object.fromEntries(LIMIT_NAMES.map((limit) => [settingOf(limit), within(limit)])),
  'there is no such limit; docs/settings.md lists them all',
)

/** The limits in force. Throws SallyportError `startup_failed` also for a name that is none: what somebody believes to be limited must be. */
export function readLimits(source: Readonly<Record<string, string>>): Limits {
  const parsed = settings.safeParse(
    Object.fromEntries(Object.entries(source).filter(([name]) => name.startsWith(PREFIX))),
  )
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.')
    throw new SallyportError('startup_failed', `${name}: ${issue?.message}`)
  }
  return Object.fromEntries(LIMIT_NAMES.map((limit) => [limit, parsed.data[settingOf(limit)]])) as Limits
}
