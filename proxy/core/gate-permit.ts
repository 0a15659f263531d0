import { SallyportError } from '#lib/domain/errors'
import type { Durability, Permit } from './ports'

/** A block number that no block has: what waits for it waits until the number is known. */
const UNKNOWN_BLOCK = Number.MAX_SAFE_INTEGER

/** What a gate knows of one operation; outside the gate it is a `Permit`, and only the gate that made it takes it back. */
export class OperationPermit {
  /** The block its intent stands in. */
  block = UNKNOWN_BLOCK
  sent = false
  settled = false
  /** Groups that approved it. */
  approvedBy: readonly string[] = []

  constructor(
    readonly gate: object,
    readonly op: number,
    readonly durability: Durability,
    /** Monotonic milliseconds: since when it takes time of the target's, not of people's. */
    public startedMs: number,
    /** The gateway's own: nothing that passes to the client belongs to it. */
    readonly own = false,
  ) {}

  /** What it waits for is not in a block yet. */
  blockUnknown(): void {
    this.block = UNKNOWN_BLOCK
  }

  asPermit(): Permit {
    return this as unknown as Permit
  }
}

/** The operation behind a permit. Throws `internal` for a permit that `gate` did not make or that was settled. */
export function permitOf(gate: object, permit: Permit): OperationPermit {
  const operation = givenBy(gate, permit)
  if (operation.settled) throw new SallyportError('internal', 'The operation was settled already.')
  return operation
}

/** The same, also for one that was settled. */
export function givenBy(gate: object, permit: Permit): OperationPermit {
  const operation: unknown = permit
  if (!(operation instanceof OperationPermit) || operation.gate !== gate) {
    throw new SallyportError('internal', 'A permit of another session was presented.')
  }
  return operation
}
