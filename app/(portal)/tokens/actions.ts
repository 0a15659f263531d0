'use server'
import { requireContext } from '#lib/auth/context'
import { type MintedToken, mintToken } from '#lib/services/tokens/mint'
import { revokeToken } from '#lib/services/tokens/revoke'
import type { TokenItem } from '#lib/services/tokens/token-item'
import { type Outcome, outcome } from '../../_components/outcome'

export async function mintAccessToken(input: Parameters<typeof mintToken>[0]['input']): Promise<Outcome<MintedToken>> {
  return outcome(async () => mintToken({ ctx: await requireContext(), input }))
}

export async function revokeAccessToken(id: string): Promise<Outcome<TokenItem>> {
  return outcome(async () => revokeToken({ ctx: await requireContext(), input: { id } }))
}
