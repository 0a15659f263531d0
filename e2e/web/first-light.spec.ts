import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { DESKTOP, launchBrowser, signIn } from '../fixtures/browser'
import { run } from '../fixtures/programs'
import { mintInPanel, panelOf } from './portal'
import { type OpenPsql, openPsql } from './psql'

const { sallyport, target } = inject('shared')
const NAME = 'first-light'
const CUSTOMERS = `SELECT * FROM (VALUES (1, 'Noor Haddad', 'business', 'DE'), (2, 'Ines Ferreira', NULL, 'PT')) AS c (id, full_name, plan, country)`
const STEPS = [
  ['Resolve', '127.0.0.1'],
  ['Connect', 'accepts connections'],
  ['TLS', 'does not use it'],
  ['Authenticate', 'signed in as postgres with scram-sha-256'],
  ['Query', 'server is PostgreSQL'],
] as const
const COMMAND = fileURLToPath(new URL('../../bin/sallyport', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sallyport-web-'))
const open: OpenPsql[] = []
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await Promise.all(open.map((psql) => psql.kill()))
  rmSync(folder, { recursive: true, force: true })
})

const desktop = () => browser.newContext({ viewport: DESKTOP, colorScheme: 'light', acceptDownloads: true })
const panel = (page: Page, name = NAME) => panelOf(page, name)
const step = (page: Page, name: string) =>
  panel(page)
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`^${name}`) })
const statement = (page: Page, text: string) =>
  page.getByRole('table', { name: 'Statements' }).getByRole('row').filter({ hasText: text })

async function addConnection(page: Page, password: string): Promise<void> {
  await page.goto(`${sallyport.url}/connections`)
  await page.getByRole('link', { name: 'Add connection' }).first().click()
  const form = page.getByRole('complementary', { name: 'Add connection' })
  await form.getByLabel('Name').fill(NAME)
  await form.getByLabel('Address').fill(`127.0.0.1:${target.port}`)
  await form.getByLabel('Database').fill('postgres')
  await form.getByLabel('User').fill('postgres')
  await form.getByLabel('TLS to the target').selectOption('disable')
  await form.getByLabel('Password', { exact: true }).fill(password)
  const groups = form.getByLabel('Open to groups')
  await groups.fill('engineers')
  await groups.press('Enter')
  await form.getByRole('button', { name: /^Add and test/ }).click()
  await page.waitForURL((at) => at.searchParams.get('open') === NAME)
}

async function cells(grid: Locator): Promise<string[][]> {
  const rows = await grid.getByRole('row').all()
  const texts = await Promise.all(rows.map((row) => row.locator('td:not([aria-hidden])').allTextContents()))
  return texts.filter((row) => row.length > 0).map(([, ...values]) => values)
}

test('from a connection nobody knew to a replayed, verified session, all of it in the browser and a stock psql', async () => {
  const context = await desktop()
  const page = await signIn(context, sallyport.url, 'admin@example.com')

  await addConnection(page, 'not-the-password')
  await panel(page).getByText('The target does not accept this password.').waitFor()
  expect(await step(page, 'Authenticate').textContent()).toContain('sign-in refused')
  expect(await step(page, 'Query').textContent()).toMatch(/skipped|not reached/)

  await panel(page).getByRole('link', { name: 'Replace secret' }).click()
  const edit = panel(page, `Edit ${NAME}`)
  await edit.getByLabel('Password', { exact: true }).fill(target.password)
  await edit.getByRole('button', { name: /^Save and test/ }).click()
  for (const [name, found] of STEPS) await step(page, name).filter({ hasText: found }).waitFor()
  await page.getByRole('row').filter({ hasText: NAME }).getByText('All steps pass').waitFor()

  const line = await mintInPanel(page, NAME)

  await page.getByRole('link', { name: 'Sessions', exact: true }).click()
  await page.waitForURL((at) => at.pathname === '/sessions')
  const row = page.getByRole('table', { name: 'Sessions' }).getByRole('row').filter({ hasText: NAME })
  await page.getByRole('heading', { name: 'Sessions' }).first().waitFor({ state: 'attached' })
  expect(await row.count()).toBe(0)
  // Gone with the first reload: what arrives from here on arrives by itself.
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  const psql = openPsql(line)
  open.push(psql)
  psql.type(`${CUSTOMERS};`)
  const printed = await psql.prints(/\(2 rows\)/)
  await row.filter({ hasText: 'Live' }).waitFor()
  await row.getByRole('link').click()

  await statement(page, 'Noor Haddad').getByText('Allowed').waitFor()
  const grid = page.getByRole('region', { name: 'Result' })
  await grid.getByText('Ines Ferreira').waitFor()
  const seen = await cells(grid)
  expect(seen).toEqual([
    ['1', 'Noor Haddad', 'business', 'DE'],
    ['2', 'Ines Ferreira', 'NULL', 'PT'],
  ])
  for (const value of seen.flat().filter((one) => one !== 'NULL')) expect(printed).toContain(value)

  psql.type('SELECT 40 + 2 AS answer;')
  await psql.prints(/42/)
  await statement(page, '40 + 2').getByText('Allowed').waitFor()
  psql.type('SELECT * FROM no_such_table;')
  await psql.prints(/no_such_table" does not exist/)
  await statement(page, 'no_such_table').getByText('Failed').waitFor()
  await statement(page, 'no_such_table').getByRole('button').click()
  await page.getByRole('article').getByText('42P01', { exact: true }).first().waitFor()

  await page.getByRole('button', { name: 'End session' }).click()
  const dialog = page.getByRole('dialog', { name: 'End this session' })
  await dialog.getByRole('button', { name: 'End session' }).click()
  await page.getByText('Ended by hand').first().waitFor()
  await page.getByRole('complementary', { name: 'Facts' }).getByText('ended by Ada Admin').waitFor()
  psql.type('SELECT 1;')
  expect(await psql.ended).toMatch(/FATAL:.*\[sallyport/)
  expect(await page.getByRole('button', { name: 'End session' }).count()).toBe(0)

  expect(await page.evaluate(() => 'stayed' in window)).toBe(true)

  const session = new URL(page.url())
  const number = await statement(page, 'Noor Haddad').getByRole('button').getAttribute('aria-label')
  const op = number?.replace('Statement ', '') ?? ''
  session.searchParams.set('op', op)
  await context.close()
  await replayedByTheAuditor(session, seen)
})

async function replayedByTheAuditor(session: URL, seen: string[][]): Promise<void> {
  const context = await desktop()
  const page = await signIn(context, sallyport.url, 'auditor@example.com')
  await page.goto(session.href)
  const grid = page.getByRole('region', { name: 'Result' })
  await grid.getByText('Ines Ferreira').waitFor()
  expect(await cells(grid)).toEqual(seen)

  await page.getByRole('button', { name: 'Verify every event' }).click()
  await page.getByText(/^Verified to event \d+$/).waitFor()

  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export' }).click()
  const file = join(folder, 'session.jsonl')
  await (await downloading).saveAs(file)
  const verified = await verify(file)
  expect(`${verified.code} ${verified.stdout}${verified.stderr}`).toMatch(
    /^0 Intact: \d+ events, [1-9]\d* recorded bytes/,
  )
  const changed = join(folder, 'changed.jsonl')
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('Noor Haddad')
  writeFileSync(changed, text.replace('Noor Haddad', 'Noor Haddat'))
  expect((await verify(changed)).code).toBe(1)

  await page.goto(`${session.origin}/audit`)
  const id = session.pathname.split('/').at(-1) ?? ''
  const audit = (words: string) => page.getByRole('row').filter({ hasText: 'Omar Auditor' }).filter({ hasText: words })
  await audit('Viewed the recording of').first().waitFor()
  await audit('Verified the recording of').first().waitFor()
  await audit('Exported the recording of').first().click()
  await page.locator(`a[href*="${id}"]`).first().waitFor()
  await context.close()
}

function verify(file: string) {
  return run(process.execPath, [COMMAND, 'verify', file])
}
