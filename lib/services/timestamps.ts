import { z } from 'zod'

/** Times leave the services as ISO 8601 in UTC. */
export const isoTime = z.iso.datetime()

export function iso(at: Date): string {
  return at.toISOString()
}

export function isoOrNull(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
