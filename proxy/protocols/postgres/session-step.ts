import type { Portal } from './session-names'

/** The current message, whole. */
export interface CommandFrame {
  readonly type: number
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
}

/**
 * What handling a message came to: `done`; `held`, to be handled again once the target has answered more; `asked`, the same, and what is
 * to be answered is a question of the gateway's own; or something that is awaited, and what to do once it is there: after that the message
 * is done with, or handled again.
 */
export type Step = 'done' | 'held' | 'asked' | Promise<() => 'done' | 'again'>

/** A Bind, and a Describe of its portal, that wait for the Execute behind them. Nothing else may come between. */
export interface ParkedBind {
  readonly portal: Portal
  readonly bind: CommandFrame
  readonly describes: CommandFrame[]
}
