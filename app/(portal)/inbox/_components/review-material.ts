import type { BoundValue } from '#lib/domain/event'
import { type ExactText, exactText } from '../../../_components/exact/exact-text'

/** A bound value made ready to be read. `exact` is null for NULL and for what is kept by its hash only. */
export interface BindMaterial {
  readonly value: BoundValue
  readonly exact: ExactText | null
  /** Its first unit among all units of the review. */
  readonly firstUnit: number
}

/** A character to look at, and where it stands, in words. */
export interface PlacedFlag {
  readonly code: string
  readonly name: string
  readonly place: string
}

/** Everything of a review that has to be on the screen before it can be approved. */
export interface ReviewMaterial {
  readonly text: ExactText
  readonly binds: readonly BindMaterial[]
  readonly units: number
  readonly flags: readonly PlacedFlag[]
}

interface Subject {
  readonly text: string
  readonly encoding: 'utf8' | 'base64'
  readonly binds: readonly BoundValue[]
}

export function reviewMaterial({ text, encoding, binds }: Subject): ReviewMaterial {
  const own = exactText(encoding === 'base64' ? escapedBytes(text) : text)
  let units = own.units
  const made = binds.map((value): BindMaterial => {
    const shown = shownText(value)
    const exact = shown === null ? null : exactText(shown)
    const firstUnit = units
    units += exact?.units ?? 1
    return { value, exact, firstUnit }
  })
  const flags = [
    ...own.flags.map(({ code, name, line, byte }) => ({ code, name, place: `line ${line}, byte ${byte}` })),
    ...made.flatMap(({ exact }, index) =>
      (exact?.flags ?? []).map(({ code, name }) => ({ code, name, place: `value $${index + 1}` })),
    ),
  ]
  return { text: own, binds: made, units, flags }
}

/** Lines of the text and bound values, and how many of them have been seen in full. */
export function countLines(
  { text, binds }: ReviewMaterial,
  isSeen: (unit: number) => boolean,
): { readonly seen: number; readonly all: number } {
  const lines = text.lines.filter(({ units }) => units.every(({ index }) => isSeen(index))).length
  const values = binds.filter(({ exact, firstUnit }) =>
    Array.from({ length: exact?.units ?? 1 }, (_, unit) => firstUnit + unit).every(isSeen),
  ).length
  return { seen: lines + values, all: text.lines.length + binds.length }
}

function shownText(value: BoundValue): string | null {
  if (value === null || 'format' in value) return null
  return 'base64' in value ? `\\x${hexOf(value.base64)}` : value.text
}

/** Bytes that are no UTF-8: what is no ASCII is written `\x80`, and a backslash is doubled. */
function escapedBytes(base64: string): string {
  return [...atob(base64)]
    .map((byte) => {
      if (byte === '\\') return '\\\\'
      return byte < '\x80' ? byte : `\\x${byte.charCodeAt(0).toString(16)}`
    })
    .join('')
}

function hexOf(base64: string): string {
  return [...atob(base64)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}
