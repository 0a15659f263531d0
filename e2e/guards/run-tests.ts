import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { GuardTest } from './guard'

/** `missing`: it did not run, because it is not there or its file cannot be loaded. */
export type Ended = 'passed' | 'failed' | 'missing'

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

/** How the tests that are named ended, all of one project, in the order given. */
export async function runTests(
  folder: string,
  project: GuardTest['project'],
  tests: readonly GuardTest[],
): Promise<readonly Ended[]> {
  const report = join(folder, 'guard-report.json')
  rmSync(report, { force: true })
  const files = [...new Set(tests.map(({ file }) => file))]
  const pattern = [...new Set(tests.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))].join('|')
  const args = ['run', '--project', project, ...files, '-t', pattern, '--reporter=json', `--outputFile=${report}`]
  await new Promise<void>((resolve) => {
    const options = { cwd: folder, stdio: 'ignore' } as const
    spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], options).on('close', () => resolve())
  })
  if (!existsSync(report)) return tests.map(() => 'missing')
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')))
  return tests.map((test) => {
    const ran = testResults
      .filter(({ name }) => name.endsWith(test.file))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ fullName, status }) => fullName.includes(test.name) && status !== 'skipped' && status !== 'pending')
    if (ran.some(({ status }) => status === 'failed')) return 'failed'
    return ran.some(({ status }) => status === 'passed') ? 'passed' : 'missing'
  })
}
