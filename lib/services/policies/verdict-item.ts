import { z } from 'zod'
import type { PolicyVerdict } from '../../domain/policy'
import type { Explanation } from '../../policy/explain'
import { policyOutline } from './policy-item'

const alerts = z.array(z.object({ policy: z.string(), severity: z.enum(['info', 'warning', 'critical']) }))

/** What policies say to one operation. */
export const verdictItem = z.discriminatedUnion('effect', [
  z.object({ effect: z.literal('allow'), policies: z.array(z.string()), alerts }),
  z.object({ effect: z.literal('deny'), policies: z.array(z.string()), reason: z.string(), alerts }),
  z.object({
    effect: z.literal('hold'),
    demands: z.array(z.object({ policy: z.string(), group: z.string(), quorum: z.number().int(), reason: z.string() })),
    alerts,
  }),
])
export type VerdictItem = z.infer<typeof verdictItem>

/** A policy that made a decision, as it stands in its document. */
export const determiningItem = policyOutline.extend({ document: z.string(), text: z.string() })

export function toVerdictItem(verdict: PolicyVerdict): VerdictItem {
  return structuredClone(verdict) as VerdictItem
}

export function toDeterminingItem(statement: Explanation['determining'][number]): z.infer<typeof determiningItem> {
  const { id, document, line, effect, reason, hold, alert, text } = statement
  return { id, document, line, effect, reason, hold: hold && { ...hold }, alert, text }
}
