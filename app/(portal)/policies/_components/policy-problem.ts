/** Something that keeps a text from being saved. */
export interface PolicyProblem {
  /** The document it stands in: others may stop standing because of this one. */
  readonly document: string
  /** From 1; null: about the document as a whole. */
  readonly line: number | null
  readonly message: string
}
