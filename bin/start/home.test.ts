import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { clusterFolder, prepareHome } from './home'
import { derivedStoreSecrets, kept, keptOperatorToken, keptStoreSecrets } from './kept-secrets'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sallyport-home-'))
  await chmod(root, 0o711)
})
afterEach(() => rm(root, { recursive: true, force: true }))

test('a home is made with everything in it closed to others', async () => {
  const home = await prepareHome(join(root, 'some where', 'home'))
  for (const folder of [home.run, home.log, home.keys]) expect((await stat(folder)).mode & 0o777).toBe(0o700)
  await prepareHome(home.path)
})

test.each([
  ['a file', () => join(root, 'file')],
  ['below a file', () => join(root, 'file', 'home')],
  ['where nothing can be made', () => '/proc/sallyport'],
])('a home that is %s stops the start with one line', async (_, path) => {
  await writeFile(join(root, 'file'), '')
  const error = await prepareHome(path()).catch((caught: unknown) => caught)
  expect(String(error)).toMatch(/SALLYPORT_HOME .* (is not a folder|cannot be written)/)
  expect(String(error).split('\n')).toHaveLength(1)
})

test('a cluster stays where it was first put', async () => {
  const home = await prepareHome(join(root, 'home'))
  expect(await clusterFolder(home, 'postgres')).toBe(join(home.path, 'postgres'))
  await writeFile(join(home.path, 'postgres.location'), '/elsewhere/postgres\n')
  expect(await clusterFolder(home, 'postgres')).toBe('/elsewhere/postgres')
})

test('secrets are made once, whoever asks first, and are readable to their owner only', async () => {
  const home = await prepareHome(join(root, 'home'))
  const [first, second] = await Promise.all([keptStoreSecrets(home), keptStoreSecrets(home)])
  expect(second).toEqual(first)
  expect(new Set(Object.values(first)).size).toBe(6)
  expect((await stat(join(home.keys, 'store.json'))).mode & 0o777).toBe(0o600)
  const token = await keptOperatorToken(home)
  expect(await keptOperatorToken(home)).toBe(token)
  expect((await stat(join(home.path, 'admin.token'))).mode & 0o777).toBe(0o600)
  expect((await readFile(join(home.path, 'admin.token'), 'utf8')).trim()).toMatch(/^spo_[\w-]{32}$/)
})

test('a damaged file of secrets is said, not replaced', async () => {
  const path = join(root, 'store.json')
  await writeFile(path, '{"superuser": ""}')
  await expect(
    kept(path, z.object({ superuser: z.string().min(16) }), () => ({ superuser: 'x'.repeat(16) })),
  ).rejects.toThrow('is damaged')
  expect(await readFile(path, 'utf8')).toBe('{"superuser": ""}')
})

test('every host that is given the same DATABASE_URL comes to the same passwords, one for each role', () => {
  const one = derivedStoreSecrets('owner', 'sallyport')
  expect(derivedStoreSecrets('owner', 'sallyport')).toEqual(one)
  expect(new Set(Object.values(one)).size).toBe(4)
  expect(derivedStoreSecrets('other', 'sallyport').portal).not.toBe(one.portal)
})
