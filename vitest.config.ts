import { defineConfig } from 'vitest/config'

/** unit: seconds, no database. store: services on a real PostgreSQL. wire: real clients. web: a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,lib,proxy,bin}/**/*.test.ts'],
          exclude: ['**/*.store.test.ts', 'node_modules/**'],
        },
      },
      {
        test: {
          name: 'store',
          include: ['{app,lib,proxy,bin}/**/*.store.test.ts', 'e2e/readonly/*.store.test.ts'],
          globalSetup: ['lib/db/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'wire',
          include: ['e2e/wire/**/*.spec.ts'],
          globalSetup: ['e2e/fixtures/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'web',
          include: ['e2e/web/**/*.spec.ts'],
          globalSetup: ['e2e/fixtures/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
