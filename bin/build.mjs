#!/usr/bin/env node
// Builds the programs (dist) and, unless told `programs`, the portal (.next).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each becomes dist/<name>.js. What a program starts as thread or process must lie beside it. */
const PROGRAMS = {
  cli: 'bin/cli.ts',
  'demo-provider': 'bin/demo-provider.ts',
  'dry-run-thread': 'lib/dry-run/dry-run-thread.ts',
  proxy: 'proxy/main.ts',
  'proxy-cluster': 'bin/proxy-cluster.ts',
  'shipper-thread': 'proxy/adapters/shipper-thread.ts',
}

async function buildPrograms() {
  const { build, stop } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(PROGRAMS).map(([out, source]) => ({ in: join(root, source), out })),
    outdir: join(root, 'dist'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  })
  // Its helper process would live as long as we do: for good, when quickstart goes on in this process.
  stop()
}

/** Quiet unless it fails: then everything it said is worth reading. */
function buildPortal() {
  return new Promise((resolve, reject) => {
    const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
    const child = spawn(process.execPath, [next, 'build'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(buildProblem(output)))))
  })
}

function buildProblem(output) {
  return /\bENOSPC\b|No space left/.test(output) ? 'No disk space left to build' : `next build failed\n${output}`
}

export async function buildAll() {
  await buildPrograms()
  await buildPortal()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv[2] === 'programs' ? buildPrograms : buildAll
  await wanted().catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
}
