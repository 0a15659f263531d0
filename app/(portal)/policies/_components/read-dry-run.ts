import type { DryRunResult } from '#lib/services/policies/dry-run/dry-run-items'

export interface DryRunAsk {
  readonly documents: readonly { readonly name: string; readonly text: string }[]
  readonly days: number
  readonly connection?: string
}

/** A line of the answer: how far it is, and at last what came of it. */
export type DryRunLine = { readonly judged: number } | { readonly result: DryRunResult } | { readonly error: string }

/** Asks for a dry run and follows it. Rejects with words for the page; aborting ends it on the server. */
export async function readDryRun(
  ask: DryRunAsk,
  signal: AbortSignal,
  onJudged: (judged: number) => void,
): Promise<DryRunResult> {
  const response = await fetch('/policies/dry-run', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ask),
    signal,
  })
  if (!response.ok || !response.body) {
    const { detail } = (await response.json()) as { readonly detail?: string }
    throw new Error(detail ?? 'The portal did not answer.')
  }
  for await (const line of linesOf(response.body)) {
    if ('result' in line) return line.result
    if ('error' in line) throw new Error(line.error)
    onJudged(line.judged)
  }
  throw new Error('The portal broke off.')
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<DryRunLine> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = `${rest}${value}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line) as DryRunLine
  }
}
