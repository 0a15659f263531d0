import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { DESKTOP, launchBrowser, signedInState } from '../fixtures/browser'
import { psqlOfTheAgent } from './held'
import type { OpenPsql } from './psql'

const { sallyport } = inject('shared')
const pages: Page[] = []
const open: OpenPsql[] = []
const signedIn = new Map<string, Awaited<ReturnType<typeof signedInState>>>()
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  for (const who of ['admin', 'engineer'])
    signedIn.set(who, await signedInState(browser, sallyport.url, `${who}@example.com`))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((psql) => psql.kill()))
  await Promise.all(pages.splice(0).map((page) => page.context().close()))
})
afterAll(() => browser.close())

async function pageOf(who: string): Promise<Page> {
  const context = await browser.newContext({ viewport: DESKTOP, storageState: signedIn.get(who) })
  const page = await context.newPage()
  pages.push(page)
  return page
}

const go = (page: Page, path: string) => page.goto(`${sallyport.url}${path}`)
const editor = (page: Page) => page.getByRole('textbox', { name: /^Text of/ })

/** Puts a text in the place of what is in the editor. */
async function write(page: Page, text: string): Promise<void> {
  await editor(page).click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
}

const refuse = (word: string) =>
  `@reason("${word}")\nforbid (principal is Agent, action, resource)\nwhen { context has sql && context.sql.reads.contains("customers") };\n`

async function create(page: Page, name: string, text: string): Promise<void> {
  await go(page, '/policies/new?from=nothing')
  await page.getByLabel('Name of the policy').fill(name)
  await write(page, text)
  await page.getByText('It can be saved').waitFor()
  await page.getByRole('button', { name: /^Create policy/ }).click()
  await page.waitForURL((at) => at.pathname === `/policies/${name}`)
}

async function remove(page: Page, name: string): Promise<void> {
  await go(page, `/policies/${name}`)
  await page.getByRole('button', { name: 'Delete policy' }).click()
  await page
    .getByRole('dialog', { name: `Delete ${name}?` })
    .getByRole('button', { name: 'Delete policy' })
    .click()
  await page.waitForURL((at) => at.pathname === '/policies')
}

/** Types a line again and again until something fits: each worker learns of new policies in its own time. */
async function typeUntil(psql: OpenPsql, line: string, wanted: RegExp): Promise<void> {
  const again = setInterval(() => psql.type(line), 500)
  psql.type(line)
  await psql.prints(wanted).finally(() => clearInterval(again))
}

test('a recipe is tried on recorded traffic, created, in force without a restart, and gone when it is deleted', async () => {
  const psql = await psqlOfTheAgent(sallyport)
  open.push(psql)
  psql.type('SELECT count(*) AS known FROM customers;')
  await psql.prints(/known/)
  const page = await pageOf('admin')
  await go(page, '/policies')
  await page.getByRole('link', { name: 'New policy' }).click()
  await page.getByRole('link', { name: 'A table for one group only' }).click()
  await page.getByText('It can be saved').waitFor()
  await page.getByLabel('Name of the policy').fill('customers-for-nobody')
  await write(page, refuse('Customers are not for agents.'))
  await page.getByRole('button', { name: 'customers-for-nobody' }).waitFor()

  await page.getByRole('tab', { name: 'Try it' }).click()
  await page.getByLabel('Who').selectOption({ label: 'autogen (agent)' })
  await page.getByLabel('Statement').fill('SELECT name FROM customers')
  await page.getByRole('button', { name: /^Explain/ }).click()
  await page.getByText('It is refused, and the client reads: Customers are not for agents.').waitFor()
  await page
    .getByRole('row', { name: /Reads from/ })
    .getByText('customers')
    .waitFor()

  await page.getByRole('tab', { name: 'Dry run' }).click()
  await page.getByRole('button', { name: 'Run it' }).click()
  await page.getByText('were allowed, would be').waitFor()
  await page.getByRole('link', { name: 'SELECT count(*) AS known FROM customers' }).first().waitFor()

  await page.getByRole('button', { name: /^Create policy/ }).click()
  await page.waitForURL((at) => at.pathname === '/policies/customers-for-nobody')
  await typeUntil(
    psql,
    'SELECT name FROM customers LIMIT 1;',
    /\[sallyport:denied\] customers-for-nobody: Customers are not for agents\./,
  )

  await remove(page, 'customers-for-nobody')
  await typeUntil(psql, 'SELECT count(*) AS again FROM customers;', /\bagain\b/)
  await page.getByRole('link', { name: 'Changes' }).click()
  await page.getByRole('button', { name: /^Deleted customers-for-nobody/ }).click()
  await page.getByText('Customers are not for agents.').waitFor()
})

test('what does not stand is marked where it stands, and cannot be saved', async () => {
  const page = await pageOf('admin')
  await go(page, '/policies/new?from=nothing')
  await page.getByLabel('Name of the policy').fill('wrong')
  await write(page, '// fine\nforbid (principal, action, resource)\nwhen { context.sqlx == 1 };\n')
  await page.getByRole('button', { name: 'line 2' }).first().waitFor()
  await page.getByText('a forbid needs @reason').waitFor()
  await page.getByRole('button', { name: 'line 3' }).waitFor()
  expect(await page.getByRole('button', { name: /^Create policy/ }).isDisabled()).toBe(true)
  expect(await page.locator('.cm-lintRange-error').count()).toBeGreaterThan(0)
  await write(page, refuse('no'))
  await page.getByText('It can be saved').waitFor()
  await page.getByLabel('Name of the policy').fill('starter-access')
  await page.getByRole('button', { name: /^Create policy/ }).click()
  await page.getByText(/already is a document/i).waitFor()
})

test('of two who change one document the later sees what the earlier did, and loses nothing', async () => {
  const [first, second] = [await pageOf('admin'), await pageOf('admin')]
  await create(first, 'shared-by-two', refuse('one'))
  await go(second, '/policies/shared-by-two')
  await write(second, refuse('three'))
  await write(first, refuse('two'))
  await first.getByRole('button', { name: /^Save/ }).click()
  await second.getByText('Somebody else saved meanwhile').waitFor()
  expect(await second.getByRole('button', { name: /^Save/ }).isDisabled()).toBe(true)
  await second.getByRole('button', { name: 'Go on with mine' }).click()
  await second.getByText('It can be saved').waitFor()
  await second.getByRole('button', { name: /^Save/ }).click()
  await first.getByText('@reason("three")').waitFor()
  await first.getByRole('tab', { name: 'Versions' }).click()
  await first
    .getByRole('button', { name: /^Changed/ })
    .first()
    .click()
  await first.getByText('removed').first().waitFor({ state: 'attached' })
  await remove(first, 'shared-by-two')
})

test('whoever does not write policies reads and copies them, without an editor', async () => {
  const page = await pageOf('engineer')
  await go(page, '/policies/starter-agents')
  await page.getByText('Policies are written by admins.').waitFor()
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor()
  expect(await editor(page).count()).toBe(0)
  for (const name of ['Save', 'Delete policy', 'Duplicate'])
    expect(await page.getByText(name, { exact: true }).count()).toBe(0)
  await go(page, '/policies/new')
  await page.getByText('Not for your role').waitFor()
})

test('no page but the editor carries it', async () => {
  const page = await pageOf('admin')
  const loaded: string[] = []
  page.on('response', async (response) => {
    if (!/\.js(\?|$)/.test(response.url())) return
    const text = await response.text().catch(() => '')
    if (text.includes('cm-content')) loaded.push(response.url())
  })
  for (const path of ['/policies', '/inbox', '/policies/explain', '/policies/changes']) {
    await go(page, path)
    await page.waitForLoadState('networkidle')
  }
  expect(loaded).toEqual([])
  await go(page, '/policies/starter-access')
  await editor(page).waitFor()
  await expect.poll(() => loaded.length).toBeGreaterThan(0)
})
