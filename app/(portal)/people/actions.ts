'use server'
import { requireContext } from '#lib/auth/context'
import { createAgent } from '#lib/services/principals/create-agent'
import { disablePrincipal } from '#lib/services/principals/disable'
import { enablePrincipal } from '#lib/services/principals/enable'
import type { PrincipalItem } from '#lib/services/principals/principal-item'
import { updateAgent } from '#lib/services/principals/update-agent'
import { type Outcome, outcome } from '../../_components/outcome'

export async function addAgent(input: Parameters<typeof createAgent>[0]['input']): Promise<Outcome<PrincipalItem>> {
  return outcome(async () => createAgent({ ctx: await requireContext(), input }))
}

export async function changeAgent(input: Parameters<typeof updateAgent>[0]['input']): Promise<Outcome<PrincipalItem>> {
  return outcome(async () => updateAgent({ ctx: await requireContext(), input }))
}

export async function shutOut(id: string): Promise<Outcome<PrincipalItem>> {
  return outcome(async () => disablePrincipal({ ctx: await requireContext(), input: { id } }))
}

export async function letIn(id: string): Promise<Outcome<PrincipalItem>> {
  return outcome(async () => enablePrincipal({ ctx: await requireContext(), input: { id } }))
}
