import { z } from 'zod'
import { LIMITS } from '../../domain/limits'

export const approvalScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once') }),
  /** The same shape of statement in the same run. */
  z.strictObject({ kind: z.literal('run') }),
  z.strictObject({ kind: z.literal('minutes'), minutes: z.number().int().min(1).max(LIMITS.grantMinutes) }),
])
