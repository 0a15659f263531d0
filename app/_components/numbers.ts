const GROUPED = new Intl.NumberFormat('en-US')

/** `48,211` */
export function grouped(value: number): string {
  return GROUPED.format(value)
}

/** `1 row`, `2 rows`, `no rows`. `many` when it is not the word with an s. */
export function counted(value: number, one: string, many = `${one}s`): string {
  if (value === 0) return `no ${many}`
  return `${grouped(value)} ${value === 1 ? one : many}`
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `277 bytes`, `1.4 KiB`, `2.0 GiB`. */
export function bytes(value: number): string {
  let unit = 0
  let size = value
  while (size >= 1_024 && unit < UNITS.length - 1) {
    size /= 1_024
    unit += 1
  }
  if (unit === 0) return value === 1 ? '1 byte' : `${value} bytes`
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`
}
