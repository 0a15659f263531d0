import type { ProtocolName } from '#lib/domain/connection'
import type { Protocol } from './core/protocol'
import { createPostgres, type PostgresParts } from './protocols/postgres/index'

export type ProtocolParts = PostgresParts

/** Every protocol the gateway speaks: one line each. */
export async function createProtocols(parts: ProtocolParts): Promise<Readonly<Record<ProtocolName, Protocol>>> {
  return {
    postgres: await createPostgres(parts),
  }
}
