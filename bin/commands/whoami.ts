import type { SelfItem } from '#lib/services/principals/read-self'
import { openApi } from './api'
import type { Command } from './command'
import { COMMON, readOptions } from './options'
import { out, outJson, printable } from './print'

export const command: Command = {
  usage: ['whoami [--as EMAIL] [--json]'],
  async run(args, env) {
    const { values } = readOptions(args, COMMON, 0)
    const self = await openApi(env, values.as).json<SelfItem>('me')
    if (values.json) return outJson(self)
    const roles = self.roles.length > 0 ? self.roles.join(', ') : self.via === 'operator' ? 'operator' : 'no roles'
    out(`${printable(self.email ?? self.name)} (${roles}) at ${env.SALLYPORT_URL}\n`)
  },
}
