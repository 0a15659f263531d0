import type { z } from 'zod'
import type { Call } from '../context'
import type { ConnectionDetail } from './read'
import { type connectionIdInput, setConnectionState } from './set-state'

/** Lets nobody connect any more and ends the connection's live sessions within 5 s. Twice is harmless. */
export function disableConnection({ ctx, input }: Call<z.input<typeof connectionIdInput>>): Promise<ConnectionDetail> {
  return setConnectionState(ctx, input, 'disable')
}
