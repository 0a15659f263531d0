import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './command'

type Options = NonNullable<ParseArgsConfig['options']>

/** Options that most verbs take. */
export const COMMON = { as: { type: 'string' }, json: { type: 'boolean' } } as const satisfies Options

/** Reads options and up to `positionals` other arguments. Throws UsageError. */
export function readOptions<O extends Options>(args: readonly string[], options: O, positionals: number) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    if (parsed.positionals.length > positionals) throw new UsageError(`${parsed.positionals[positionals]} is too much`)
    return parsed
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error))
  }
}

/** Throws UsageError when it is missing. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing`)
  return value
}

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `90s`, `15m`, `1h`, `1d`, in seconds. Throws UsageError. */
export function readDuration(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text)
  if (match === null) throw new UsageError(`${text} is no duration: write 90s, 15m or 1h`)
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]
}
