import { judgeOf } from './judge'
import { type Report, tryStatements } from './trial'

interface Expected {
  /** Statements that must be known to only read. */
  readonly honest?: readonly string[]
  /** What share of all statements must at least be: a judge that says no to everything changes nothing, and is of no use. */
  readonly share?: number
}

/** What was tried, and what must not be. */
export class Trials {
  readonly reports: Record<string, Report> = {}
  readonly failures: string[] = []

  constructor(private readonly only: RegExp) {}

  async run(name: string, url: string, statements: Iterable<string>, expected: Expected): Promise<void> {
    if (!this.only.test(name)) return
    const judge = await judgeOf(url)
    const started = Date.now()
    const report = await tryStatements(statements, { url, judge, batchSize: 500 })
    const seconds = ((Date.now() - started) / 1000).toFixed(0)
    process.stderr.write(
      `${name}: ${report.readOnly} of ${report.judged} run, ${report.changes.length} changes, ${seconds} s\n`,
    )
    this.reports[name] = report
    for (const { parts, statements: culprits } of report.changes) {
      this.failures.push(`${name}: ${parts.join(', ')} changed by one of: ${culprits.join(' | ')}`)
    }
    for (const text of expected.honest ?? []) {
      const { facts, because } = judge(text)
      if (!facts.readOnly) this.failures.push(`${name}: not known to only read (${because.join('; ')}): ${text}`)
    }
    if (report.readOnly < report.judged * (expected.share ?? 0)) {
      this.failures.push(`${name}: only ${report.readOnly} of ${report.judged} are known to only read`)
    }
  }

  get totals() {
    const all = Object.values(this.reports)
    const total = (of: (report: Report) => number) => all.reduce((sum, report) => sum + of(report), 0)
    return {
      judged: total(({ judged }) => judged),
      readOnly: total(({ readOnly }) => readOnly),
      succeeded: total(({ succeeded }) => succeeded),
      failed: total(({ failed }) => failed),
      changes: total(({ changes }) => changes.length),
    }
  }
}
