/** Frames that do not continue what the store has. */
export class SpoolGap extends Error {
  override readonly name = 'SpoolGap'
}
