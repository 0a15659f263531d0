import type { CommandFrame } from './session-commands'
import type { Portal } from './session-names'

/**
 * A Bind that waits for the Execute behind it, so that its values reach the target when they are judged and on record. A Describe
 * of its portal waits with it; nothing else may come between.
 */
export interface ParkedBind {
  readonly portal: Portal
  readonly bind: CommandFrame
  readonly describes: CommandFrame[]
}

/** Frames are handed out one at a time, and overwritten: what is kept must be a copy. Its bytes stay as they are. */
export function keptFrame({ type, buffer, start, end }: CommandFrame): CommandFrame {
  return { type, buffer, start, end }
}
