import { z } from 'zod'
import { LIMIT_RANGES } from '../../domain/limit-ranges'

/** How far an approval reaches, for so many minutes at most. */
export function scopeWithin(grantMinutes: number) {
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('once') }),
    /** The same shape of statement in the same run. */
    z.strictObject({ kind: z.literal('run') }),
    z.strictObject({ kind: z.literal('minutes'), minutes: z.number().int().min(1).max(grantMinutes) }),
  ])
}

/** Whatever the limit was when it was given. */
export const approvalScope = scopeWithin(LIMIT_RANGES.grantMinutes[1])
