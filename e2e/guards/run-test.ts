import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { GuardTest } from './guard'

const reportSchema = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
})

/** How the one test that is named ended; `missing` when it did not run, because it is not there or its file cannot be loaded. */
export async function runTest(folder: string, test: GuardTest): Promise<'passed' | 'failed' | 'missing'> {
  const report = join(folder, 'guard-report.json')
  rmSync(report, { force: true })
  const pattern = test.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const args = ['run', '--project', test.project, test.file, '-t', pattern, '--reporter=json', `--outputFile=${report}`]
  await new Promise<void>((resolve) => {
    const options = { cwd: folder, stdio: 'ignore' } as const
    spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], options).on('close', () => resolve())
  })
  if (!existsSync(report)) return 'missing'
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')))
  const ran = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName, status }) => fullName.includes(test.name) && status !== 'skipped')
  if (ran.some(({ status }) => status === 'failed')) return 'failed'
  return ran.some(({ status }) => status === 'passed') ? 'passed' : 'missing'
}
