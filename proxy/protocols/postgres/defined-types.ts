/** Object ids from here on are not the server's own (FirstNormalObjectId of PostgreSQL). */
const FIRST_DEFINED = 16_384

/** Whether somebody defined one of these types, by object id: reading a value of it may run anybody's code, such as a domain's check. */
export function anyDefined(types: readonly number[]): boolean {
  return types.some((type) => type >= FIRST_DEFINED)
}
