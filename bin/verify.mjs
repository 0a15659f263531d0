#!/usr/bin/env node
// Format, lint, types, dependency rules, dead code and unit tests: everything that needs neither a database nor a network.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => `node_modules/.bin/${name}`

const STEPS = [
  { name: 'biome', command: [bin('biome'), 'check', '.'] },
  { name: 'types', command: [bin('tsc'), '--noEmit', '-p', '.'] },
  { name: 'eslint', command: [bin('eslint'), '.', '--cache', '--cache-location', 'node_modules/.cache/eslint/'] },
  {
    name: 'dependency rules',
    command: [bin('depcruise'), 'app', 'lib', 'proxy', 'bin', 'e2e', 'proxy.ts', '--config', '.dependency-cruiser.cjs'],
  },
  { name: 'knip', command: [bin('knip')] },
  { name: 'unit tests', command: [bin('vitest'), 'run', '--project', 'unit'] },
]

function runStep({ name, command: [program, ...args] }) {
  return new Promise((resolve) => {
    const started = Date.now()
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ name, ok: false, output: String(error), seconds: 0 }))
    child.on('close', (code) => resolve({ name, ok: code === 0, output, seconds: (Date.now() - started) / 1000 }))
  })
}

const wanted = process.argv.includes('--static') ? STEPS.filter((step) => step.name !== 'unit tests') : STEPS
const results = await Promise.all(wanted.map(runStep))
for (const { name, ok, output, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) console.log(output)
}
process.exit(results.every((result) => result.ok) ? 0 : 1)
