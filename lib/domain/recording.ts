/** How stored bytes are compressed. The number stands in rows and spool frames, so that others can follow. */
export const CODECS = { none: 0, brotli: 1 } as const
