/** Who and what a statement can be tried with, as far as the reader may see. */
export interface ExplainChoices {
  readonly principals: readonly { readonly id: string; readonly name: string; readonly kind: string }[]
  readonly connections: readonly string[]
}
