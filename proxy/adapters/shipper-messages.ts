import type { SessionId, WorkerId } from '#lib/domain/ids'
import type { SpoolEnd } from '#proxy/core/spool'

/** What the shipping thread is started with. */
export interface ShipperStart {
  /** The store, as the recorder's role. */
  readonly url: string
  /** `$SALLYPORT_HOME`. */
  readonly home: string
  readonly key: Uint8Array
  /** This worker's own spool folder. */
  readonly folder: string
}

export type ToShipper =
  | { readonly kind: 'ship'; readonly end: SpoolEnd }
  | { readonly kind: 'recover'; readonly call: number; readonly worker: WorkerId }
  | { readonly kind: 'stop' }

export type FromShipper =
  | { readonly kind: 'shipped'; readonly block: number; readonly total: number }
  | { readonly kind: 'store'; readonly up: boolean }
  | { readonly kind: 'conflict'; readonly session: SessionId }
  | { readonly kind: 'recovered'; readonly call: number; readonly ended: number }
  | { readonly kind: 'failed'; readonly call: number; readonly message: string }
  /** This worker's own spool is not what it wrote: the worker must die. */
  | { readonly kind: 'fatal'; readonly message: string }
  | {
      readonly kind: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
      readonly cause?: string
    }
