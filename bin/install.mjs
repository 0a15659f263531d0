// Dependencies: whether they are all there, and npm's own way to get them.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * True when every package of the lock file that this machine needs is installed in that version. `lock` and `installed`: the
 * `packages` of package-lock.json and of node_modules/.package-lock.json. `machine`: `{ os, cpu, libc }` as npm names them.
 */
export function isComplete(lock, installed, machine) {
  return Object.entries(lock).every(
    ([path, entry]) =>
      path === '' || installed[path]?.version === entry.version || (!installed[path] && isLeftOut(entry, machine)),
  )
}

/** Packages for other machines, and what only they depend on, are left out. One for this machine that is missing is a broken install. */
function isLeftOut(entry, machine) {
  if (!entry.optional && !entry.devOptional && !entry.peer) return false
  const forMachines = entry.os !== undefined || entry.cpu !== undefined
  const fits = (list, value) => list === undefined || list.includes(value)
  return !(forMachines && fits(entry.os, machine.os) && fits(entry.cpu, machine.cpu) && fits(entry.libc, machine.libc))
}

function thisMachine() {
  const glibc = process.report.getReport().header.glibcVersionRuntime !== undefined
  return { os: process.platform, cpu: process.arch, libc: glibc ? 'glibc' : 'musl' }
}

/** Whether nothing needs installing in the checkout at `root`. */
export function isInstalled(root) {
  const installedFile = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return false
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  return isComplete(packagesOf(join(root, 'package-lock.json')), packagesOf(installedFile), thisMachine())
}

/** Runs `npm ci`. Rejects with one line on what failed; what is half installed does not count as installed afterwards. */
export async function install(root) {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn']
  const npm = process.env.npm_execpath
  // Run by npm, that npm; else the one on the path.
  const [program, ...rest] = npm ? [process.execPath, npm, ...args] : ['npm', ...args]
  const { code, output } = await run(root, program, rest)
  const problem = npmProblem(code, output)
  if (problem === null) return
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true })
  throw new Error(problem)
}

/** One line on what npm said, or null when all went well. It calls an install good whose files did not fit on the disk. */
export function npmProblem(code, output) {
  if (/\bENOSPC\b/.test(output)) return 'No disk space left to install the dependencies'
  const unpacked = /^npm warn tar TAR_ENTRY_ERROR (.*)$/m.exec(output)?.[1]
  if (unpacked !== undefined) return `npm ci failed: ${unpacked}`
  if (code === 0) return null
  const said = [...output.matchAll(/^npm error (?!code|syscall|errno|path|A complete log)(.+)$/gm)].map(
    (match) => match[1],
  )
  const log = /A complete log of this run can be found in: (.+)$/m.exec(output)?.[1]
  return `npm ci failed: ${said[0] ?? `exit code ${code}`}${log ? ` (all it said: ${log})` : ''}`
}

function run(root, program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
