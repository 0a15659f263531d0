import type { principals } from '../../db/schema/principals'
import type { Principal } from '../../domain/principal'

export function toPrincipal(row: typeof principals.$inferSelect): Principal {
  const { id, kind, name, email, ownerId, groups } = row
  return { id, kind, name, email, ownerId, groups }
}
