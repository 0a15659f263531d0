import type { z } from 'zod'
import type { Call } from '../context'
import type { ConnectionDetail } from './read'
import { type connectionIdInput, setConnectionState } from './set-state'

/** Takes `disableConnection` back. Twice is harmless. */
export function enableConnection({ ctx, input }: Call<z.input<typeof connectionIdInput>>): Promise<ConnectionDetail> {
  return setConnectionState(ctx, input, 'enable')
}
