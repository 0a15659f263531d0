/** A column of a printed table; `right` for numbers. */
export interface Column<T> {
  readonly head: string
  readonly right?: true
  cell(item: T): string
}

/** Aligned columns, two spaces apart, heads in capitals. What a target or a client said is made printable first. */
export function table<T>(columns: readonly Column<T>[], items: readonly T[]): string {
  const rows = [
    columns.map(({ head }) => head.toUpperCase()),
    ...items.map((item) => columns.map(({ cell }) => printable(cell(item)))),
  ]
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => [...(row[i] ?? '')].length)))
  const lines = rows.map((row) =>
    row
      .map((text, i) => {
        const padding = ' '.repeat((widths[i] ?? 0) - [...text].length)
        return columns[i]?.right ? padding + text : text + padding
      })
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

/** Escapes what would move the cursor, change colours or turn the reading direction. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

export function out(text: string): void {
  process.stdout.write(text)
}

/** JSON for programs: exactly what the API answered. */
export function outJson(value: unknown): void {
  out(`${JSON.stringify(value, null, 2)}\n`)
}

/** `2026-11-20 14:03:22` in UTC. */
export function when(iso: string | null): string {
  return iso === null ? '' : iso.slice(0, 19).replace('T', ' ')
}
