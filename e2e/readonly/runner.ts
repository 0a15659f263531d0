import type { StatementFacts } from '#lib/sql/statement-facts'
import { type Checksum, Checksummer, differences } from './checksum'
import { Executor } from './executor'

/** A statement that is said to change nothing. */
export interface Harmless {
  readonly text: string
  readonly settings: readonly string[]
}

export const harmless = (text: string, { facts }: StatementFacts): Harmless => ({ text, settings: facts.settings })

interface Outcome {
  readonly succeeded: number
  /** Refused by the server: also that must change nothing. */
  readonly failed: number
  /** Parts of the checksum that differ, and settings that nobody said would. */
  readonly parts: readonly string[]
}

/** With the library loaded its settings are there from the start. */
const SETUP = [
  "LOAD 'plpgsql'",
  'SET statement_timeout = 1500',
  'SET lock_timeout = 500',
  'SET max_parallel_workers_per_gather = 0',
]
/** What the session itself keeps: settings, and what it listens to. */
const SESSION = `SELECT name, setting FROM pg_settings WHERE name NOT LIKE '%.%' OR source <> 'default'
  UNION ALL SELECT 'listens', pg_listening_channels()`

/** Runs batches of statements against one database, each in a session of its own, and says what is different afterwards. */
export class Runner {
  readonly #executor: Executor

  private constructor(
    url: string,
    private readonly checksummer: Checksummer,
    private before: Checksum,
  ) {
    this.#executor = new Executor(url, SETUP)
  }

  static async open(url: string): Promise<Runner> {
    const checksummer = await Checksummer.open(url)
    return new Runner(url, checksummer, await checksummer.take())
  }

  async run(batch: readonly Harmless[]): Promise<Outcome> {
    await this.#executor.renew()
    const session = await this.#executor.look(SESSION)
    const counts = { ok: 0, error: 0, lost: 0 }
    for (const { text } of batch) {
      const { as } = await this.#executor.run(text)
      counts[as]++
      // A statement that ends its session is not one that only reads.
      if (as === 'lost') break
    }
    await this.#executor.commit()
    const settings = counts.lost > 0 ? [] : changedSettings(session, await this.#executor.look(SESSION), batch)
    // While its session is still there, with the locks that it has.
    const after = await this.checksummer.take()
    const parts = [...differences(this.before, after), ...settings, ...(counts.lost > 0 ? ['the session'] : [])]
    this.before = after
    return { succeeded: counts.ok, failed: counts.error, parts }
  }

  async close(): Promise<void> {
    await this.#executor.close()
    await this.checksummer.close()
  }
}

/** Settings that are other ones now, though no statement's facts said that it touches them. */
function changedSettings(before: unknown, after: unknown, batch: readonly Harmless[]): string[] {
  const touched = new Set(batch.flatMap(({ settings }) => settings))
  const values = new Map(before as [string, string][])
  return (after as [string, string][])
    .filter(([name, value]) => values.get(name) !== value && !touched.has(name.toLowerCase()))
    .map(([name]) => `setting ${name}`)
}
