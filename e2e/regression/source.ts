import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireProgram, run } from '../fixtures/programs'

/**
 * Fetches PostgreSQL's own regression suite from Debian's source package of the version that is installed, once a machine.
 * It is never committed. Resolves to the folder `src/test/regress`.
 */
export async function fetchRegressionSuite(): Promise<string> {
  const cache = join(tmpdir(), 'sallyport-regression-source')
  const ready = findSuite(cache)
  if (ready) return ready
  mkdirSync(cache, { recursive: true })
  const apt = requireProgram('apt-get', 'apt')
  const sources = join(cache, 'parts')
  for (const folder of [sources, join(cache, 'lists/partial'), join(cache, 'cache/archives/partial')]) {
    mkdirSync(folder, { recursive: true })
  }
  const listed = readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8')
  writeFileSync(join(sources, 'source.sources'), listed.replaceAll(/^Types:.*$/gm, 'Types: deb-src'))
  const options = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${sources}`,
    `Dir::State::lists=${join(cache, 'lists')}`,
    `Dir::Cache=${join(cache, 'cache')}`,
  ].flatMap((option) => ['-o', option])
  await must(apt, [...options, '-qq', 'update'], cache)
  await downloadAnyVersion(apt, options, cache)
  const archive = readdirSync(cache).find((name) => name.endsWith('.orig.tar.bz2'))
  if (!archive) throw new Error('the source package brought no archive')
  const inside = `${archive.replace(/^postgresql-15_/, 'postgresql-').replace('.orig.tar.bz2', '')}/src/test/regress`
  await must(requireProgram('tar', 'tar'), ['xjf', archive, inside], cache)
  const found = findSuite(cache)
  if (!found) throw new Error('the source package has no regression suite')
  return found
}

function findSuite(cache: string): string | null {
  if (!existsSync(cache)) return null
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name, 'src/test/regress')
    if (existsSync(join(folder, 'parallel_schedule')) && existsSync(join(folder, 'sql/with.sql'))) return folder
  }
  return null
}

/** A mirror may have dropped the newest source already: any version of the same major serves, the suite runs on both routes alike. */
async function downloadAnyVersion(apt: string, options: readonly string[], cache: string): Promise<void> {
  const shown = await run(requireProgram('apt-cache', 'apt'), [...options, 'showsrc', 'postgresql-15'])
  const versions = [...shown.stdout.matchAll(/^Version: (\S+)$/gm)]
    .map((match) => match[1] ?? '')
    .sort()
    .reverse()
  const refusals: string[] = []
  for (const version of versions) {
    const done = await run(apt, [...options, '-qq', 'source', '--download-only', `postgresql-15=${version}`], {
      cwd: cache,
      timeoutMs: 300_000,
    })
    if (done.code === 0) return
    refusals.push(done.stderr.slice(-200))
  }
  throw new Error(`no source package of postgresql-15 can be had: ${refusals.join('; ') || shown.stderr}`)
}

async function must(program: string, args: readonly string[], cwd: string): Promise<void> {
  const done = await run(program, args, { cwd, timeoutMs: 300_000 })
  if (done.code !== 0) throw new Error(`${program} ${args.at(-1) ?? ''}: ${done.stderr.slice(-500)}`)
}

/** Names of the suite's tests in the order of its schedule. */
export function scheduledTests(suite: string): string[] {
  const lines = readFileSync(join(suite, 'parallel_schedule'), 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('test:')).flatMap((line) => line.slice(5).trim().split(/\s+/))
}
