/**
 * What the client gets for a stretch of whole, validated messages of the target, or of a piece of a long one. Today that is what the
 * target sent; this is the one place where an obligation of a decision (a mask, a limit of rows) may change it.
 */
export function transform(messages: Buffer): Buffer {
  return messages
}
