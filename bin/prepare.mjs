// Makes a checkout ready to run: dependencies installed, everything built, both only when something changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the build depends on. Tests are left out: they change often and are never built. */
const SOURCES = ['app', 'bin', 'lib', 'proxy', 'public']
const SOURCE_FILES = ['next.config.mjs', 'package.json', 'package-lock.json', 'postcss.config.mjs', 'tsconfig.json']
const NOT_BUILT = /\.(test|spec)\.tsx?$|[/\\]testing[/\\]|\.mjs$/

/** Installs and builds what is missing. `say` gets one line before each step that takes time. Rejects with one line on what failed. */
export async function prepare(say = console.log) {
  if (!isInstalled()) {
    say('Installing dependencies')
    await install()
  }
  const stampFile = join(root, 'dist', 'build.stamp')
  const stamp = sourceHash()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  say('Building')
  const { buildAll } = await import('./build.mjs')
  await buildAll()
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stampFile, stamp)
}

/** True when every package of the lock file that this machine needs is there in the same version. */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      installed[path]?.version === entry.version ||
      // Packages for other machines, and their own dependencies, are left out.
      (installed[path] === undefined && (entry.optional || entry.devOptional || entry.peer)),
  )
}

async function install() {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  // Run by npm, that npm; else the one on the path.
  const [program, ...rest] = npm ? [process.execPath, npm, ...args] : ['npm', ...args]
  const { code, output } = await run(program, rest)
  if (code !== 0) throw new Error(`npm ci failed\n${output}`)
}

function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** One hash over the names and contents of everything that is built, and over the Node that builds. */
function sourceHash() {
  const hash = createHash('sha256').update(process.version)
  const files = [...SOURCES.flatMap((folder) => filesIn(folder)), ...SOURCE_FILES, 'bin/build.mjs']
  for (const file of files) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(`\0${file}\0`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function filesIn(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
    .filter((file) => !NOT_BUILT.test(file))
    .sort()
}
