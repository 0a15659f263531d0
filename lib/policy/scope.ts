import type { CedarEntity, StatementTree } from './cedar'

type Uid = CedarEntity['uid']

/** Whether a statement's scope can be about a principal and a connection: false only where it certainly is not. */
export function canApply(
  tree: Pick<StatementTree, 'principal' | 'resource'>,
  who: CedarEntity,
  on: CedarEntity,
): boolean {
  return canMatch(tree.principal, who) && canMatch(tree.resource, on)
}

/** Forms that this does not know may match. */
function canMatch(constraint: unknown, entity: CedarEntity): boolean {
  if (!isObject(constraint)) return true
  const { op, entity: named, entity_type: type, in: within } = constraint
  if (op === '==') return !isUid(named) || isSame(named, entity.uid)
  if (op === 'in') return !isUid(named) || isIn(named, entity)
  if (op !== 'is') return true
  if (typeof type === 'string' && type !== entity.uid.type) return false
  return !(isObject(within) && isUid(within.entity)) || isIn(within.entity, entity)
}

const isIn = (named: Uid, { uid, parents }: CedarEntity) => [uid, ...parents].some((one) => isSame(named, one))
const isSame = (a: Uid, b: Uid) => a.type === b.type && a.id === b.id

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isUid = (value: unknown): value is Uid =>
  isObject(value) && typeof value.type === 'string' && typeof value.id === 'string'
