import type { EndReason } from '#lib/domain/event'
import type { SessionRow } from '../../_components/session-row'

/** One session with everything the page says about it. */
export interface SessionView extends SessionRow {
  readonly connectionVersion: number
  readonly tags: Readonly<Record<string, string>>
  readonly target: { readonly user: string; readonly database: string }
  readonly client: { readonly address: string; readonly application: string }
  readonly run: string | null
  readonly token: string
  readonly endReason: EndReason | null
  readonly endDetail: string | null
  /** Number of the last recorded event; -1 before the first. */
  readonly lastSeq: number
  readonly outBytes: number
  readonly inBytes: number
  /** What the reader may do here. */
  readonly mayEnd: boolean
  readonly mayReplay: boolean
  /** Somebody asked for its end; the gateway has not done it yet. */
  readonly ending: string | null
}
