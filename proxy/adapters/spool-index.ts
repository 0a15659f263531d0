import type { SessionId } from '#lib/domain/ids'
import { FrameCursor } from '#proxy/core/spool-frames'

/** Where one session's frames stand, in order. */
export interface FrameList {
  readonly blocks: readonly Buffer[]
  readonly starts: readonly number[]
}

/** The frames of opened blocks, found by session. */
export class FrameIndex {
  readonly sessions = new Map<SessionId, { blocks: Buffer[]; starts: number[] }>()
  readonly #cursor = new FrameCursor()

  /** Adds the frames of a block. True when the last one says that the segment is complete. Throws RangeError. */
  add(block: Buffer): boolean {
    const cursor = this.#cursor
    cursor.open(block)
    let ended = false
    while (cursor.next()) {
      if (cursor.type === 'end') ended = true
      else this.#put(cursor.session, block, cursor.start)
    }
    return ended
  }

  #put(session: SessionId, block: Buffer, start: number): void {
    const known = this.sessions.get(session)
    if (known === undefined) this.sessions.set(session, { blocks: [block], starts: [start] })
    else {
      known.blocks.push(block)
      known.starts.push(start)
    }
  }
}

/** Calls `visit` with a cursor on each frame. It is the same cursor every time. */
export function eachFrame(frames: FrameList, visit: (frame: FrameCursor) => void): void {
  const cursor = new FrameCursor()
  for (const [i, block] of frames.blocks.entries()) {
    cursor.at(block, frames.starts[i] ?? 0)
    visit(cursor)
  }
}
