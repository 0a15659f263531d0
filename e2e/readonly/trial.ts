import type { StatementFacts } from '#lib/sql/statement-facts'
import { culprits } from './culprits'
import { type Harmless, harmless, Runner } from './runner'

interface Change {
  /** What differs. */
  readonly parts: readonly string[]
  /** The statements that did it; all of the batch where it did not happen again. */
  readonly statements: readonly string[]
}

export interface Report {
  /** Statements that there were. */
  readonly judged: number
  /** Of these: said to only read. All of them were run. */
  readonly readOnly: number
  readonly succeeded: number
  readonly failed: number
  readonly batches: number
  readonly changes: readonly Change[]
}

interface TrialInput {
  /** Address of the database, as a superuser. */
  readonly url: string
  readonly judge: (text: string) => StatementFacts
  readonly batchSize: number
  readonly onBatch?: (done: Report) => void
}

/**
 * Runs every statement that is judged read-only against a real server, in batches, outside of any transaction but those that the
 * statements themselves begin. Whatever is different after a batch was changed by a statement that was said to change nothing.
 */
export async function tryStatements(statements: Iterable<string>, input: TrialInput): Promise<Report> {
  const runner = await Runner.open(input.url)
  const report = { judged: 0, readOnly: 0, succeeded: 0, failed: 0, batches: 0, changes: [] as Change[] }
  const finish = async (batch: readonly Harmless[]) => {
    const { succeeded, failed, parts } = await runner.run(batch)
    report.readOnly += batch.length
    report.succeeded += succeeded
    report.failed += failed
    report.batches++
    if (parts.length > 0) {
      const found = await culprits(batch, async (part) => (await runner.run(part)).parts.length > 0)
      report.changes.push({ parts, statements: (found.length > 0 ? found : batch).map(({ text }) => text) })
    }
    input.onBatch?.(report)
  }
  try {
    let batch: Harmless[] = []
    for (const text of statements) {
      const known = input.judge(text)
      report.judged++
      if (known.facts.readOnly) batch.push(harmless(text, known))
      if (batch.length < input.batchSize) continue
      await finish(batch)
      batch = []
    }
    if (batch.length > 0) await finish(batch)
  } finally {
    await runner.close()
  }
  return report
}
