import { join } from 'node:path'
import { readEnv } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'

/** Exit codes: 0 done, 1 refused or failed (one line on stderr), 2 wrong usage. */
const USAGE = `usage: sallyport COMMAND

  start    run portal, proxy and store in the foreground
`

process.exitCode = await dispatch(process.argv.slice(2))

async function dispatch([command, ...rest]: readonly string[]): Promise<number> {
  try {
    if (command === 'start' && rest.length === 0) {
      const { runStart } = await import('./start/main')
      await runStart(readEnv(), join(import.meta.dirname, '..'))
      return 0
    }
    process.stderr.write(USAGE)
    return 2
  } catch (error) {
    process.stderr.write(`sallyport: ${oneLine(error)}\n`)
    return 1
  }
}

function oneLine(error: unknown): string {
  if (error instanceof SallyportError) return error.message
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 'No disk space left'
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error)
}
