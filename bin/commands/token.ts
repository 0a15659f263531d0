import type { MintedToken } from '#lib/services/tokens/mint'
import { openApi } from './api'
import { type Command, UsageError } from './command'
import { COMMON, readDuration, readOptions } from './options'
import { out, outJson } from './print'

/** Prints the token and nothing else, so that a script can take it as it is. */
export const command: Command = {
  usage: [
    'token create [--agent NAME] [--run LABEL] [--ttl 1h] [--connection NAME]… [--label TEXT] [--as EMAIL] [--json]',
  ],
  async run(args, env) {
    const options = {
      ...COMMON,
      agent: { type: 'string' },
      run: { type: 'string' },
      ttl: { type: 'string' },
      label: { type: 'string' },
      connection: { type: 'string', multiple: true },
    } as const
    const { values, positionals } = readOptions(args, options, 1)
    if (positionals[0] !== 'create') throw new UsageError('what to do with a token is missing: create')
    const body = {
      ...(values.agent !== undefined && { agent: values.agent }),
      ...(values.run !== undefined && { run: values.run }),
      ...(values.label !== undefined && { label: values.label }),
      ...(values.ttl !== undefined && { ttlSeconds: readDuration(values.ttl) }),
      ...(values.connection !== undefined && { connections: values.connection }),
    }
    const minted = await openApi(env, values.as).json<MintedToken>('tokens', { method: 'POST', body })
    if (values.json) return outJson(minted)
    out(`${minted.token}\n`)
  },
}
