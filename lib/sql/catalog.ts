/**
 * What names mean in one database at one time, for as far as that decides whether a statement changes anything. Names that are not
 * in it have the meaning of the server as it is installed.
 */
export interface Catalog {
  /** Equal versions mean equal contents. */
  readonly version: string
}
