import { createHash, X509Certificate } from 'node:crypto'
import { desc, gt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { sealingKeys } from '../../db/schema/connections'
import { workers } from '../../db/schema/sessions'
import type { Call, Context } from '../context'
import { requirePermission } from '../permission'
import { iso, isoTime } from '../timestamps'

const gatewayState = z.object({
  /** Public keys of the proxies, newest first: new secrets are sealed to the first. Fingerprints are SHA-256 in hex. */
  sealingKeys: z.array(z.object({ id: z.string(), fingerprint: z.string(), createdAt: isoTime })),
  /** Proxy workers whose lease runs. */
  workers: z.array(z.object({ id: z.string(), host: z.string(), pid: z.number().int(), startedAt: isoTime })),
})
export type GatewayState = z.infer<typeof gatewayState>

/** Which proxies serve right now, and the keys that secrets are sealed to. */
export async function readGateway({ ctx }: Call<Record<string, never>>): Promise<GatewayState> {
  requirePermission(ctx, 'principals:read')
  const keys = await ctx.db.select().from(sealingKeys).orderBy(desc(sealingKeys.createdAt))
  return {
    sealingKeys: keys.map((key) => ({
      id: key.id,
      fingerprint: createHash('sha256').update(key.publicKey).digest('hex'),
      createdAt: iso(key.createdAt),
    })),
    workers: await liveWorkers(ctx),
  }
}

async function liveWorkers(ctx: Context): Promise<GatewayState['workers']> {
  const rows = await ctx.db
    .select({ id: workers.id, host: workers.host, pid: workers.pid, startedAt: workers.startedAt })
    .from(workers)
    .where(gt(workers.leaseUntil, sql`now()`))
    .orderBy(workers.startedAt)
  return rows.map((row) => ({ ...row, startedAt: iso(row.startedAt) }))
}

export interface CertificateFacts {
  readonly pem: string
  readonly subject: string
  /** SHA-256 of the certificate, in pairs of hex digits. */
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly validTo: number
}

/** What a PEM certificate says of itself; null when it is none. */
export function certificateFacts(pem: string): CertificateFacts | null {
  try {
    const certificate = new X509Certificate(pem)
    return {
      pem,
      subject: certificate.subject.replaceAll('\n', ', '),
      fingerprint: certificate.fingerprint256,
      validTo: Date.parse(certificate.validTo),
    }
  } catch {
    return null
  }
}
