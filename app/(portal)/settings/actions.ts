'use server'
import { requireContext } from '#lib/auth/context'
import type { RoleItem } from '#lib/services/roles/list'
import { setRole } from '#lib/services/roles/set'
import { type Outcome, outcome } from '../../_components/outcome'

export async function mapRole(input: Parameters<typeof setRole>[0]['input']): Promise<Outcome<RoleItem>> {
  return outcome(async () => setRole({ ctx: await requireContext(), input }))
}
