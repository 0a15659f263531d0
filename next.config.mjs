import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // What loads binaries or workers of its own stays outside the bundle.
  serverExternalPackages: ['postgres', 'libpg-query', '@cedar-policy/cedar-wasm', 'pino'],
  // Types are checked by `npm run verify`, over tests and all: not again on every machine that builds.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: dirname(fileURLToPath(import.meta.url)) },
}

export default config
