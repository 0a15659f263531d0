// Makes a checkout ready to run: dependencies installed, everything built, both only when something changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install, isInstalled } from './install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const MIB = 1024 * 1024
/** What an install and a build take, rounded up. */
const INSTALL_BYTES = 1_200 * MIB
const BUILD_BYTES = 300 * MIB

/** What the build depends on. Tests are left out: they change often and are never built. */
const SOURCES = ['app', 'bin', 'lib', 'proxy', 'public']
const SOURCE_FILES = ['next.config.mjs', 'package.json', 'package-lock.json', 'postcss.config.mjs', 'tsconfig.json']
const NOT_BUILT = /\.(test|spec)\.tsx?$|[/\\]testing[/\\]|\.mjs$/

/** Installs and builds what is missing. `say` gets one line before each step that takes time. Rejects with one line on what failed. */
export async function prepare(say = console.log) {
  if (!isInstalled(root)) {
    needRoom(INSTALL_BYTES)
    say('Installing dependencies')
    await install(root)
  }
  const stampFile = join(root, 'dist', 'build.stamp')
  const stamp = sourceHash()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  needRoom(BUILD_BYTES)
  say('Building')
  const { buildAll } = await import('./build.mjs')
  await buildAll()
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stampFile, stamp)
}

/** Throws one line when the checkout's disk has less left. npm and Next leave half of their work behind when it runs out. */
function needRoom(bytes) {
  const { bavail, bsize } = statfsSync(root)
  if (bavail * bsize >= bytes) return
  const left = Math.floor((bavail * bsize) / MIB)
  throw new Error(
    `No disk space: ${root} has ${left} MiB left, at least ${bytes / MIB} are needed to install and build`,
  )
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
