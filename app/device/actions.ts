'use server'
import { requireContext } from '#lib/auth/context'
import { approveDeviceLogin, denyDeviceLogin } from '#lib/services/device-logins/decide'
import { type Outcome, outcome } from '../_components/outcome'

export async function letCommandLineIn(userCode: string): Promise<Outcome<void>> {
  return outcome(async () => approveDeviceLogin({ ctx: await requireContext(), input: { userCode } }))
}

export async function turnCommandLineAway(userCode: string): Promise<Outcome<void>> {
  return outcome(async () => denyDeviceLogin({ ctx: await requireContext(), input: { userCode } }))
}
