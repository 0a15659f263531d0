import type { PostgresSettings } from '#lib/domain/connection'
import type { Reach, Upstream } from '#proxy/core/ports'
import type { StartTimer } from '#proxy/core/timer'
import { type BackendKey, cancelRequest } from './handshake-messages'
import { connectionFailure } from './upstream-failure'
import { requestTls } from './upstream-tls'

const CANCEL_MS = 5_000

export interface CancelTargetParts {
  readonly access: Reach
  readonly settings: PostgresSettings
  /** The session's own: the cancel request goes to the same checked address. */
  readonly upstream: Upstream
  /** Encrypted exactly when the session is. */
  readonly encrypted: boolean
  readonly key: BackendKey
  readonly startTimer: StartTimer
}

/** Sends a cancel request to the target. Resolves when the target has closed, which says that it has acted. */
export async function cancelAtTarget(parts: CancelTargetParts): Promise<void> {
  const { upstream, send } = await parts.upstream.aside()
  const late = new AbortController()
  const stopTimer = parts.startTimer(CANCEL_MS, () => {
    late.abort(connectionFailure('the target did not take the cancel request in time'))
    upstream.destroy()
  })
  try {
    if (parts.encrypted) await requestTls(parts.access, parts.settings, upstream, send, 'required', late.signal)
    const closed = new Promise<void>((resolve) =>
      upstream.read(
        () => undefined,
        () => resolve(),
      ),
    )
    send(cancelRequest(parts.key))
    await closed
  } finally {
    stopTimer()
    upstream.destroy()
  }
}
