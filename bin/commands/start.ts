import { join } from 'node:path'
import { runStart } from '../start/main'
import { type Command, UsageError } from './command'

export const command: Command = {
  usage: ['start'],
  async run(args, env) {
    if (args.length > 0) throw new UsageError(`start takes no ${args[0]}: its settings are in the environment`)
    // Bundled to dist/cli.js: one folder below the checkout.
    await runStart(env, join(import.meta.dirname, '..'))
  },
}
