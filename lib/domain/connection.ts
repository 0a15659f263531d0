import { z } from 'zod'
import type { ConnectionId } from './ids'

/** Protocols the product can register today. Adding one: its folder, a registry line, this list, its settings schema. */
export const PROTOCOLS = ['postgres'] as const
export type ProtocolName = (typeof PROTOCOLS)[number]

/** TLS modes towards a target, as libpq names them. */
export const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type TlsMode = (typeof TLS_MODES)[number]

/** How a PostgreSQL target may ask the gateway to authenticate; nothing weaker is accepted from it. */
export const POSTGRES_AUTH_METHODS = ['scram-sha-256', 'md5', 'cleartext', 'cert', 'trust'] as const
export type PostgresAuthMethod = (typeof POSTGRES_AUTH_METHODS)[number]

export const postgresSettings = z.strictObject({
  database: z.string().min(1).max(63),
  user: z.string().min(1).max(63),
  tls: z.enum(TLS_MODES).default('verify-full'),
  /** PEM text of the authorities that may sign the target's certificate; unset: the system's. */
  ca: z.string().max(65_536).optional(),
  auth: z.array(z.enum(POSTGRES_AUTH_METHODS)).min(1).default(['scram-sha-256']),
})
export type PostgresSettings = z.infer<typeof postgresSettings>

export const SETTINGS = { postgres: postgresSettings } as const satisfies Record<ProtocolName, z.ZodType>

/** Fields of a connection's secret, per protocol. Each is sealed by itself. */
export const SECRET_FIELDS = { postgres: ['password', 'clientCert', 'clientKey'] } as const satisfies Record<
  ProtocolName,
  readonly string[]
>
export const DEFAULT_PORTS = { postgres: 5432 } as const satisfies Record<ProtocolName, number>

export const RECORDING_MODES = ['standard', 'strict'] as const
export type RecordingMode = (typeof RECORDING_MODES)[number]
/** `wait`: the client of a held operation waits. `ticket`: it is told to send the same again once it is approved. */
export const HOLD_MODES = ['wait', 'ticket'] as const
export type HoldMode = (typeof HOLD_MODES)[number]
export const MASKING_MODES = ['protected', 'open'] as const

export const connectionName = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/, 'A name has 1 to 63 characters: a to z, 0 to 9 and hyphens')

const group = z.string().min(1).max(128)

/** A connection as an admin writes it: form, API and YAML share this shape. Secrets travel beside it. */
export const connectionInput = z.strictObject({
  name: connectionName,
  protocol: z.enum(PROTOCOLS),
  /** `host:port`; the port may be left out where the protocol has a usual one. IPv6 in brackets. */
  address: z.string().min(1).max(300),
  tags: z.record(z.string().regex(/^[a-z0-9_.-]{1,63}$/), z.string().max(255)).default({}),
  access: z.array(group).max(100).default([]),
  settings: z.record(z.string(), z.unknown()).default({}),
  recording: z.enum(RECORDING_MODES).default('standard'),
  hold: z.enum(HOLD_MODES).default('wait'),
  masking: z.enum(MASKING_MODES).default('protected'),
})
export type ConnectionInput = z.infer<typeof connectionInput>

/** The protected resource as configured. `version` grows with every change that can alter what a session does. */
export interface Connection {
  readonly id: ConnectionId
  readonly version: number
  readonly name: string
  readonly protocol: ProtocolName
  readonly host: string
  readonly port: number
  readonly tags: Readonly<Record<string, string>>
  readonly access: readonly string[]
  readonly settings: Readonly<Record<string, unknown>>
  readonly recording: RecordingMode
  readonly hold: HoldMode
  readonly masking: (typeof MASKING_MODES)[number]
  readonly disabled: boolean
}

/** What a sealed secret is bound to. Change any of it and the secret no longer opens. */
export interface SecretBinding {
  readonly connectionId: ConnectionId
  readonly field: string
  readonly protocol: ProtocolName
  readonly host: string
  readonly port: number
}

export const TEST_STEPS = ['resolve', 'connect', 'tls', 'authenticate', 'query'] as const
export type TestStepName = (typeof TEST_STEPS)[number]

/** One step of a connection test, in the order of TEST_STEPS. `detail` is a short sentence fit for the page. */
export interface TestStep {
  readonly name: TestStepName
  readonly state: 'waiting' | 'running' | 'passed' | 'failed' | 'skipped'
  readonly detail: string
  readonly durationMs: number | null
}
