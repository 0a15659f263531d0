'use server'
import { requireContext } from '#lib/auth/context'
import type { GrantItem } from '#lib/services/grants/grant-item'
import { revokeGrant } from '#lib/services/grants/revoke'
import { type Outcome, outcome } from '../../_components/outcome'

export async function revokeHere(id: string): Promise<Outcome<GrantItem>> {
  return outcome(async () => revokeGrant({ ctx: await requireContext(), input: { id } }))
}
