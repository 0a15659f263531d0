import type { Context } from '../context'

/** What a proxy's verbs need where they make ids. */
export type GatewayContext = Pick<Context, 'db' | 'clock' | 'random' | 'limits'>

/** The same inside a transaction of its store. */
export function inGatewayTransaction<T>(ctx: GatewayContext, work: (ctx: GatewayContext) => Promise<T>): Promise<T> {
  const { clock, limits } = ctx
  return ctx.db.transaction((tx) => work({ db: tx, clock, limits, random: (length) => ctx.random(length) }))
}
