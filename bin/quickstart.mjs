#!/usr/bin/env node
// One command on a fresh machine: installs, builds, and starts everything with the demo, in the foreground.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Sallyport needs Node 20.19 or later; this is ${process.versions.node}.`)
  process.exit(1)
}

process.env.SALLYPORT_DEMO ??= '1'
// The demo target is on loopback, and so are most first targets of whoever tries this.
process.env.SALLYPORT_TARGET_ALLOW ??= '127.0.0.0/8,::1'

try {
  const { prepare } = await import('./prepare.mjs')
  await prepare()
  console.log('Starting')
} catch (error) {
  console.error(`sallyport: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}
process.argv.splice(2, Number.POSITIVE_INFINITY, 'start')
await import(new URL('../dist/cli.js', import.meta.url).href)
