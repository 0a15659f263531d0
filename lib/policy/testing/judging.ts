import { LIMITS } from '../../domain/limits'
import type { PolicyDocument, PolicyVerdict } from '../../domain/policy'
import type { Principal, PrincipalKind } from '../../domain/principal'
import { asInstalled } from '../../sql/catalog'
import { createFactsOf } from '../../sql/facts'
import type { Reading } from '../../sql/statement-facts'
import { nameSpace } from '../name-space'
import { Policies } from '../policies'
import type { PolicyOperation, PolicySession } from '../request'

const factsOf = await createFactsOf(LIMITS)

export function principal(kind: PrincipalKind, change: Partial<Principal> = {}): Principal {
  const email = kind === 'person' ? 'erin@example.com' : null
  return { id: 'pri_1', kind, name: `a ${kind}`, email, ownerId: null, groups: ['agents'], ...change }
}

export function session(kind: PrincipalKind, change: Partial<PolicySession> = {}): PolicySession {
  return {
    principal: principal(kind),
    onBehalfOf: principal('person', { id: 'pri_2' }),
    connection: { name: 'shop', protocol: 'postgres', tags: { env: 'prod' } },
    database: 'shop',
    targetUser: 'app',
    client: { address: '10.0.0.9', application: 'psql' },
    run: null,
    ...change,
  }
}

const reading: Reading = { strings: 'standard', encoding: 'utf8', catalog: null }
/** Of a database where no name means anything but what the server gives it. */
const CATALOG = asInstalled('test')
const NAMES = nameSpace(['public'], null)

export function operation(sql: string, change: Partial<PolicyOperation> = {}): PolicyOperation {
  return {
    type: 'query',
    facts: factsOf(sql, reading),
    approvedBy: [],
    now: Date.UTC(2026, 10, 25, 22),
    names: NAMES,
    ...change,
  }
}

export const loaded = (...documents: readonly PolicyDocument[]): Policies => new Policies({ version: 1, documents })

export const policy = (text: string, name = 'p'): PolicyDocument => ({ name, text })

/** The verdict over one statement, in one word or two. */
export function brief(verdict: PolicyVerdict): string {
  if (verdict.effect === 'allow') return 'allow'
  if (verdict.effect === 'deny') return `deny ${verdict.policies.join(' ')}`.trim()
  return `hold ${verdict.demands.map(({ policy: id }) => id).join(' ')}`
}

/** A statement whose names are known to mean nothing special. */
export const settled = (sql: string): PolicyOperation =>
  operation(sql, { facts: factsOf(sql, { ...reading, catalog: CATALOG }) })
