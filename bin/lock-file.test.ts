import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface LockedPackage {
  readonly integrity?: string
  readonly resolved?: string
  readonly inBundle?: boolean
  readonly hasInstallScript?: boolean
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
const packages = Object.entries<LockedPackage>(read('package-lock.json').packages).filter(([path]) => path !== '')

test('every package of the lock file, for this platform or another, is pinned by its hash', () => {
  const unpinned = packages.filter(([, entry]) => !entry.inBundle && !/^sha512-/.test(entry.integrity ?? ''))
  expect(unpinned.map(([path]) => path)).toEqual([])
})

test('the lock file names no registry: packages come from the one that the machine is set up for', () => {
  expect(packages.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([])
})

test('no package may run a script when it is installed, and each that would like to is refused by name', () => {
  const { allowScripts } = read('package.json')
  const wanting = packages
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1))
  expect(Object.keys(allowScripts).sort()).toEqual([...new Set(wanting)].sort())
  expect(new Set(Object.values(allowScripts))).toEqual(new Set([false]))
})
