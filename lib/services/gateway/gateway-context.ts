import type { Context } from '../context'

/** What a proxy's verbs need where they make ids. */
export type GatewayContext = Pick<Context, 'db' | 'clock' | 'random'>

/** The same inside a transaction of its store. */
export function inGatewayTransaction<T>(ctx: GatewayContext, work: (ctx: GatewayContext) => Promise<T>): Promise<T> {
  return ctx.db.transaction((tx) => work({ db: tx, clock: ctx.clock, random: (length) => ctx.random(length) }))
}
