import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const texts = z.array(z.string()).optional()
const line = z.looseObject({
  sql: z.string().optional(),
  blocked: z.string().optional(),
  before: texts,
  after: texts,
  wire: z.array(z.looseObject({ q: z.string().optional(), parse: texts })).optional(),
})

interface Corpora {
  /** Makes the database that they speak about. */
  readonly setup: string
  readonly honest: readonly string[]
  /** What attacks do before the statement that counts. */
  readonly before: readonly string[]
  readonly attacks: readonly string[]
}

const HONEST_FILE = 'postgres-benign.jsonl'

/** Cases of a folder of corpora. */
export function readCorpora(folder: string): Corpora {
  const read = (file: string) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((text) => line.parse(JSON.parse(text)))
  const files = readdirSync(folder).filter((file) => /^postgres-.*\.jsonl$/.test(file) && file !== HONEST_FILE)
  const cases = files.flatMap(read)
  return {
    setup: readFileSync(join(folder, 'postgres-setup.sql'), 'utf8'),
    honest: read(HONEST_FILE).flatMap(({ sql }) => sql ?? []),
    before: cases.flatMap(({ before = [] }) => before),
    attacks: cases.flatMap(({ sql, blocked, after = [], wire = [] }) => {
      const steps = wire.map(({ q, parse }) => q ?? parse?.[1])
      return [sql, blocked, ...steps, ...after].filter((text) => text !== undefined)
    }),
  }
}
