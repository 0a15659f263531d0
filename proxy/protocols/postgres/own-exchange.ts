import type { OperationSettled } from '#lib/domain/event'

export type OwnFailure = NonNullable<OperationSettled['error']>
/** The rows of each question, as text, or why there are none. */
export type OwnOutcome =
  | { readonly answers: readonly (readonly OwnRow[])[]; readonly failure: null }
  | { readonly answers: null; readonly failure: OwnFailure }
export type OwnRow = readonly (string | null)[]

/** One exchange of the gateway's own under way: what its queued messages have in common. */
export interface OwnExchange {
  readonly answers: OwnRow[][]
  /** The question that is answered next. */
  at: number
  /** Bytes of rows so far. */
  size: number
  failure: OwnFailure | null
  done(outcome: OwnOutcome): void
}

/** Values of a checked DataRow, as text. */
export function valuesOf(buffer: Buffer, start: number): OwnRow {
  const values: (string | null)[] = []
  let at = start + 7
  for (let column = buffer.readUInt16BE(start + 5); column > 0; column--) {
    const size = buffer.readInt32BE(at)
    at += 4
    values.push(size < 0 ? null : buffer.toString('utf8', at, at + size))
    at += Math.max(0, size)
  }
  return values
}
