import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { Database } from '../../db/client'
import type { ConnectionId } from '../../domain/ids'
import { nameSpace } from '../../policy/name-space'
import type { NameSpace } from '../../policy/request'
import type { Catalog } from '../../sql/catalog'
import { readCatalog } from '../../sql/catalog/read-catalog'
import { readCatalog as readKept } from '../gateway/catalogs'

export interface DatabaseOf {
  readonly connectionId: ConnectionId
  readonly connectionVersion: number
  readonly database: string
  /** Whom the gateway signs in as: names a schema of the usual search path. */
  readonly targetUser: string
}

/** What names mean in a target's database, for as far as a proxy has seen it. */
export interface KeptNames {
  /** null: no proxy has read it since the connection was changed. */
  readonly catalog: Catalog | null
  readonly readAt: Date | null
  /** With the search path that a server starts with. */
  readonly names: NameSpace
}

/** For what is judged without a session of the target. */
export async function keptNames(db: Database, place: DatabaseOf): Promise<KeptNames> {
  const kept = await readKept(db, place)
  const items = z.array(z.string()).safeParse(kept?.snapshot)
  const known = kept?.connectionVersion === place.connectionVersion && items.success
  const catalog = known ? await readCatalog(items.data, null, () => setImmediate()).catch(() => null) : null
  return {
    catalog,
    readAt: catalog === null ? null : (kept?.readAt ?? null),
    names: nameSpace([place.targetUser, 'public'], catalog),
  }
}
