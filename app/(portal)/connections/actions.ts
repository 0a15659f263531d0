'use server'
import { requireContext } from '#lib/auth/context'
import type { TestItem } from '#lib/services/connections/connection-item'
import { createConnection } from '#lib/services/connections/create'
import { deleteConnection } from '#lib/services/connections/delete'
import { disableConnection } from '#lib/services/connections/disable'
import { enableConnection } from '#lib/services/connections/enable'
import type { ConnectionDetail } from '#lib/services/connections/read'
import { readTest } from '#lib/services/connections/read-test'
import { startTest } from '#lib/services/connections/start-test'
import { updateConnection } from '#lib/services/connections/update'
import { type Outcome, outcome } from '../../_components/outcome'

type CreateInput = Parameters<typeof createConnection>[0]['input']
type UpdateInput = Parameters<typeof updateConnection>[0]['input']

export async function addConnection(input: CreateInput): Promise<Outcome<ConnectionDetail>> {
  return outcome(async () => createConnection({ ctx: await requireContext(), input }))
}

export async function changeConnection(input: UpdateInput): Promise<Outcome<ConnectionDetail>> {
  return outcome(async () => updateConnection({ ctx: await requireContext(), input }))
}

export async function takeOutOfUse(id: string): Promise<Outcome<ConnectionDetail>> {
  return outcome(async () => disableConnection({ ctx: await requireContext(), input: { id } }))
}

export async function putIntoUse(id: string): Promise<Outcome<ConnectionDetail>> {
  return outcome(async () => enableConnection({ ctx: await requireContext(), input: { id } }))
}

export async function removeConnection(id: string): Promise<Outcome<{ id: string }>> {
  return outcome(async () => deleteConnection({ ctx: await requireContext(), input: { id } }))
}

export async function runTest(id: string): Promise<Outcome<{ testId: string }>> {
  return outcome(async () => startTest({ ctx: await requireContext(), input: { id } }))
}

export async function watchTest(id: string): Promise<Outcome<TestItem>> {
  return outcome(async () => readTest({ ctx: await requireContext(), input: { id } }))
}
