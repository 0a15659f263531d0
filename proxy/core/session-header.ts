import type { SessionId, WorkerId } from '#lib/domain/ids'
import type { Authorized, ClientSocket, SessionHeader } from './ports'
import type { Accepted, Protocol } from './protocol'

export interface HeaderParts {
  readonly worker: WorkerId
  newSessionId(): SessionId
  /** Version of the policy set in force. */
  policyVersion(): number
}

/** What the first event of a session says: who, on whose behalf, where to, from where. */
export function sessionHeader(
  parts: HeaderParts,
  protocol: Protocol,
  { claim }: Accepted,
  access: Authorized,
  client: ClientSocket,
): SessionHeader {
  const { identity, connection } = access
  const { principal, onBehalfOf } = identity
  return {
    session: parts.newSessionId(),
    protocol: protocol.name,
    principal: { id: principal.id, kind: principal.kind, name: principal.name, groups: principal.groups },
    onBehalfOf: { id: onBehalfOf.id, name: onBehalfOf.name },
    token: identity.tokenId,
    run: identity.runId,
    connection: { id: connection.id, name: connection.name, version: connection.version },
    target: {
      host: connection.host,
      port: connection.port,
      user: setting(access, 'user'),
      database: access.database ?? setting(access, 'database'),
    },
    client: { address: client.address, application: claim.application },
    worker: parts.worker,
    policy: String(parts.policyVersion()),
    signInId: identity.signInId,
    tags: connection.tags,
  }
}

function setting(access: Authorized, name: string): string {
  const value = access.connection.settings[name]
  return typeof value === 'string' ? value : ''
}
