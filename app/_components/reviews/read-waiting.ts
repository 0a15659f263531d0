'use server'
import { requireContext } from '#lib/auth/context'
import { loadWaiting } from './load-waiting'
import type { Waiting } from './waiting'

/** What waits for the reader now. */
export async function readWaiting(): Promise<Waiting> {
  return loadWaiting(await requireContext())
}
