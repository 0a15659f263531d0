/** One guard of the product, how to take it out, and the test that must notice. */
export interface Guard {
  /** What it guarantees, in a few words. Names are unique. */
  readonly name: string
  /** Where it stands, from the root of the repository. */
  readonly file: string
  /** Its exact text there, once, and what stands there without it. */
  readonly find: string
  readonly replace: string
  readonly test: GuardTest
}

export interface GuardTest {
  readonly project: 'unit' | 'store'
  readonly file: string
  /** The full name of the test, or a part that only it has. */
  readonly name: string
}
