/** True when `error`, or what caused it, is the store's refusal of a second row in the unique index `constraint`. */
export function breaksUnique(error: unknown, constraint: string): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, constraint_name: name } = current as { code?: unknown; constraint_name?: unknown }
    if (code === '23505') return name === constraint
  }
  return false
}

/** True when `error`, or what caused it, is a guard of the store that refused what was written. */
export function breaksGuard(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause)
    if ((current as { code?: unknown }).code === '23000') return true
  return false
}
