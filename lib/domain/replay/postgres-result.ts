import { z } from 'zod'

/** A value as the client saw it: its exact text; null for NULL; or what can be shown of it. */
const replayCell = z.union([
  z.null(),
  z.string(),
  z.object({
    text: z.string(),
    /** `hex`: bytes that are no text, or a binary value of a type that is not understood. */
    form: z.enum(['text', 'hex']),
    /** Full length of the value as it was sent. */
    bytes: z.number().int(),
    /** True when `text` is only the beginning. */
    cut: z.boolean(),
  }),
])
export type ReplayCell = z.infer<typeof replayCell>

const replayColumn = z.object({
  name: z.string(),
  type: z.string(),
  typeOid: z.number().int(),
  format: z.enum(['text', 'binary']),
})
export type ReplayColumn = z.infer<typeof replayColumn>

const replaySet = z.object({
  /** `rows`: a grid; `copy-out`: COPY data, one line a row; `copy-in`, `command`: nothing to show; `described`: columns only. */
  kind: z.enum(['rows', 'copy-out', 'copy-in', 'command', 'empty', 'described']),
  columns: z.array(replayColumn),
  /** Rows seen so far; all of them once `complete`. */
  rowCount: z.number().int(),
  /** Those within the asked window; empty for sets that were not asked for. */
  rows: z.array(z.array(replayCell)),
  /** Such as `SELECT 3`; null when it did not get that far. */
  tag: z.string().nullable(),
  /** True when the portal was suspended by a row limit: more rows may come with a later operation. */
  suspended: z.boolean(),
  complete: z.boolean(),
})
export type ReplaySet = z.infer<typeof replaySet>

const replayNotice = z.object({
  severity: z.string(),
  code: z.string(),
  message: z.string(),
  detail: z.string().nullable(),
  hint: z.string().nullable(),
  position: z.number().int().nullable(),
})
export type ReplayNotice = z.infer<typeof replayNotice>

export const replayResult = z.object({
  sets: z.array(replaySet),
  notices: z.array(replayNotice),
  errors: z.array(replayNotice),
  notifications: z.array(z.object({ channel: z.string(), payload: z.string() })),
  /** True when the recorded bytes end in the middle, or are no messages at all. */
  damaged: z.boolean(),
})
export type ReplayResult = z.infer<typeof replayResult>
