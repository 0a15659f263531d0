import { readEnv } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'
import { type Command, UsageError } from './commands/command'

/** The verbs. Loaded when called: `start` needs what no other does. */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  start: () => import('./commands/start'),
  apply: () => import('./commands/apply'),
  token: () => import('./commands/token'),
  reviews: () => import('./commands/reviews'),
  sessions: () => import('./commands/sessions'),
  connections: () => import('./commands/connections'),
  verify: () => import('./commands/verify'),
  login: () => import('./commands/login'),
  whoami: () => import('./commands/whoami'),
}

process.exitCode = await dispatch(process.argv.slice(2))

/** The exit code: 0 done, 1 refused or failed (one line on stderr), 2 wrong usage. */
async function dispatch([verb = '', ...args]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined
  if (load === undefined) {
    const asked = verb === '' || verb === 'help' || verb === '--help' || verb === '-h'
    if (!asked) process.stderr.write(`sallyport: there is no command ${verb}\n`)
    process.stderr.write(await fullUsage())
    return asked && verb !== '' ? 0 : 2
  }
  const { command } = await load()
  try {
    await command.run(args, readEnv())
    return 0
  } catch (error) {
    process.stderr.write(`sallyport: ${oneLine(error)}\n`)
    if (!(error instanceof UsageError)) return 1
    process.stderr.write(usageOf(command))
    return 2
  }
}

async function fullUsage(): Promise<string> {
  const all = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  return all.map(({ command }) => usageOf(command)).join('')
}

function usageOf(command: Command): string {
  return command.usage.map((form) => `  sallyport ${form}\n`).join('')
}

function oneLine(error: unknown): string {
  if (error instanceof SallyportError) return error.message
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 'No disk space left'
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error)
}
