import type { PolicyVerdict } from '#lib/domain/policy'
import { type KnownRelations, nameSpace } from '#lib/policy/name-space'
import type { NameSpace, PolicySession } from '#lib/policy/request'
import type { Authorized, Operation, SessionHeader, Verdict } from '../core/ports'

/** What policies are told of a session. */
export function policySession({ identity, connection }: Authorized, header: SessionHeader): PolicySession {
  const { principal, onBehalfOf, runId, runLabel } = identity
  const { name, protocol, tags } = connection
  return {
    principal,
    onBehalfOf,
    connection: { name, protocol, tags },
    database: header.target.database,
    targetUser: header.target.user,
    client: header.client,
    run: runId === null ? null : { id: runId, label: runLabel ?? '' },
  }
}

const UNKNOWN = nameSpace(null, null)

/** What names mean in the state of a target's session. Kept for as long as path and relations are the same. */
export function namesOf(): (operation: Pick<Operation, 'state' | 'relations'>) => NameSpace {
  let path: readonly string[] | null = null
  let relations: KnownRelations | null = null
  let space = UNKNOWN
  return (operation) => {
    const newPath = operation.state?.searchPath ?? null
    const newRelations = operation.relations ?? null
    if (newPath === path && newRelations === relations) return space
    path = newPath
    relations = newRelations
    space = nameSpace(path, relations)
    return space
  }
}

/** The record's form of what the policies say; the same object for the same verdict, whose text is then made once. */
export function recordedVerdict(): (said: PolicyVerdict, version: number) => Verdict {
  const known = new WeakMap<PolicyVerdict, Verdict>()
  return (said, version) => {
    let verdict = known.get(said)
    if (verdict === undefined || verdict.policies !== version) {
      verdict = toVerdict(said, version)
      known.set(said, verdict)
    }
    return verdict
  }
}

function toVerdict(said: PolicyVerdict, version: number): Verdict {
  const more = { policies: version, ...(said.alerts.length > 0 && { alerts: said.alerts }) }
  switch (said.effect) {
    case 'allow':
      return { decision: { effect: 'allow', policy: said.policies.join(', '), reason: '' }, ...more }
    case 'deny': {
      const policy = said.policies.length === 0 ? 'default' : said.policies.join(', ')
      return { decision: { effect: 'deny', policy, reason: said.reason }, ...more }
    }
    case 'hold': {
      const { demands } = said
      const policy = [...new Set(demands.map((demand) => demand.policy))].join(', ')
      const reason = [...new Set(demands.map((demand) => demand.reason))].join('; ')
      return { decision: { effect: 'hold', policy, reason }, demands, ...more }
    }
  }
}
