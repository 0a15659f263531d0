import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { DESTINATIONS } from '../../app/_components/shell/navigation'
import { all, api, sessionsOf } from '../fixtures/api'
import { DESKTOP, launchBrowser, PHONE, signIn } from '../fixtures/browser'
import { sallyportDoes } from '../fixtures/connect'
import { hold, psqlOfTheAgent } from './held'
import { PAGES, type PageCase, type Subjects } from './page-list'
import type { OpenPsql } from './psql'

const { sallyport } = inject('shared')
const THEMES = ['light', 'dark'] as const
const STATEMENTS = [
  'BEGIN;',
  "SELECT id, name, plan, country, created_at::date AS since FROM customers WHERE plan = 'enterprise' ORDER BY id LIMIT 12;",
  'SELECT status, count(*), sum(total) AS volume FROM orders GROUP BY status ORDER BY volume DESC;',
  'SELECT fullname FROM customers;',
  'ROLLBACK;',
  'SELECT number, amount, paid_at, note FROM invoices ORDER BY id LIMIT 8;',
]
/** Held, with a character in it that hides. */
const HELD = "UPDATE invoices\nSET note = 'checked\u200b', paid_at = now()\n-- all of them, before the audit\n;"
let browser: Browser
let psql: OpenPsql
let subjects: Subjects

beforeAll(async () => {
  browser = await launchBrowser()
  psql = await psqlOfTheAgent(sallyport)
  for (const statement of STATEMENTS) psql.type(statement)
  await psql.prints(/\(8 rows\)/)
  // Whoever signs in is known as a person from then on.
  for (const who of ['admin', 'engineer']) {
    const page = await signIn(await browser.newContext(), sallyport.url, `${who}@example.com`)
    await page.context().close()
  }
  subjects = await findSubjects()
})
afterAll(async () => {
  await browser.close()
  await psql.kill()
})

async function liveSession(): Promise<string> {
  return (await sessionsOf(sallyport, 'shop')).find((session) => session.endedAt === null)?.id ?? ''
}

async function findSubjects(): Promise<Subjects> {
  const principals = await all<{ id: string; name: string }>(sallyport, 'principals')
  const idOf = (name: string) => principals.find((principal) => principal.name === name)?.id ?? ''
  const tokens = await api<{ items: { id: string }[] }>(sallyport, `tokens?principalId=${idOf('autogen')}`)
  const device = await api<{ user_code: string }>(sallyport, 'device/code', { method: 'POST', body: {} })
  const session = await liveSession()
  return {
    session,
    resultOp: await opOf(session, 'enterprise'),
    failedOp: await opOf(session, 'fullname'),
    heldOp: 0,
    person: idOf('Ada Admin'),
    agent: idOf('autogen'),
    token: tokens.items[0]?.id ?? '',
    deviceCode: device.user_code,
    held: '',
    decided: await decidedReview(),
  }
}

/** Number of the statement that has these words, once it is in the store. */
function opOf(session: string, words: string): Promise<number> {
  const look = async () => {
    const path = `sessions/${session}/statements?limit=50`
    const { items } = await api<{ items: { op: number; text: string }[] }>(sallyport, path)
    const found = items.find(({ text }) => text.includes(words))
    if (!found) throw new Error(`no statement with ${words} yet`)
    return found.op
  }
  return vi.waitFor(look, { timeout: 20_000, interval: 200 })
}

/** A command of the agent that an approver has approved for a while. */
async function decidedReview(): Promise<string> {
  const other = await psqlOfTheAgent(sallyport)
  other.type('CREATE TABLE pages_decided AS SELECT generate_series(1, 12) AS id;')
  await other.prints(/SELECT 12/)
  const id = await hold(other, 'UPDATE pages_decided SET id = 7;')
  await sallyportDoes(sallyport, ['login', '--demo', 'approver@example.com'])
  const as = ['--as', 'approver@example.com']
  await sallyportDoes(sallyport, ['reviews', 'approve', id, '--scope', '60m', ...as])
  await other.prints(/UPDATE 12/)
  await other.quit()
  return id
}

type Device = 'desktop' | 'phone'

function contextFor(device: Device): Promise<BrowserContext> {
  const phone = device === 'phone'
  return browser.newContext({
    viewport: phone ? PHONE : DESKTOP,
    isMobile: phone,
    hasTouch: phone,
    reducedMotion: 'reduce',
  })
}

/** Everything the console and the policy complain about while the page is used. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    const expected = /status of 404/.test(message.text()) && message.location().url === page.url()
    if (message.type() === 'error' && !expected) complaints.push(`${message.text()} ${message.location().url}`)
  })
  return complaints
}

/** What is wrong with the page as it stands: accessibility, width. Nothing, hopefully. */
async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.localName} is ${element.scrollWidth} wide in ${element.clientWidth}`),
  )
  const unreadable = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  return [...unreadable, ...wide]
}

async function look(page: Page, { path, act, shows }: Omit<PageCase, 'name'>): Promise<void> {
  await page.goto(`${sallyport.url}${path(subjects)}`)
  await page.locator('.skeletons').first().waitFor({ state: 'detached' })
  await act?.(page)
  await page.getByText(shows).filter({ visible: true }).first().waitFor()
}

/** The same page in both themes; keeps a picture of each where they are asked for. */
async function faultsInBothThemes(page: Page, name: string): Promise<string[]> {
  const faults: string[] = []
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    await keepPicture(page, `${name} ${theme}`)
    faults.push(...(await faultsOf(page)).map((fault) => `${theme}: ${fault}`))
  }
  return faults
}

/** For people to look at: SALLYPORT_SCREENSHOTS names the folder. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SALLYPORT_SCREENSHOTS
  if (folder) await page.screenshot({ path: join(folder, `${name.replaceAll(' ', '-')}.png`) })
}

function newPage(contexts: ReadonlyMap<string, BrowserContext>, who: string): Promise<Page> {
  const context = contexts.get(who)
  if (!context) throw new Error(`nobody signed in as ${who}`)
  return context.newPage()
}

describe.each(['desktop', 'phone'] as const)('on a %s', (device) => {
  const contexts = new Map<string, BrowserContext>()

  beforeAll(async () => {
    for (const who of ['admin', 'approver']) {
      const context = await contextFor(device)
      await (await signIn(context, sallyport.url, `${who}@example.com`)).close()
      contexts.set(who, context)
    }
    if (subjects.held !== '') return
    const held = await hold(psql, HELD)
    subjects = { ...subjects, held, heldOp: await opOf(subjects.session, 'UPDATE invoices') }
  })
  afterAll(() => Promise.all([...contexts.values()].map((context) => context.close())))

  const there = PAGES.filter(({ only }) => only === undefined || only === device)
  test.each(there)('$name: in both themes axe finds nothing, nothing is too wide, no complaint', async (item) => {
    const page = await newPage(contexts, item.as ?? 'admin')
    const complaints = complaintsOf(page)
    await look(page, item)
    expect(await faultsInBothThemes(page, `${device} ${item.name}`)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  test('signing in: both pages on the way are as clean', async () => {
    const stranger = await contextFor(device)
    const page = await stranger.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${sallyport.url}/sessions`)
    await page.waitForURL((at) => at.pathname === '/sign-in')
    const button = page.getByRole('button', { name: /^Continue with/ })
    await button.waitFor()
    expect(await faultsInBothThemes(page, `${device} sign-in`)).toEqual([])
    await button.click()
    await page.waitForURL((at) => at.pathname.startsWith('/interaction/'))
    expect(await faultsInBothThemes(page, `${device} demo provider`)).toEqual([])
    await page.getByRole('button', { name: 'admin@example.com' }).click()
    await page.waitForURL((at) => at.pathname === '/sessions')
    expect(complaints).toEqual([])
    await stranger.close()
  })
})

describe.each(['admin', 'auditor', 'approver', 'engineer'])('as %s', (role) => {
  test('every link of every page leads somewhere', async () => {
    const context = await contextFor('desktop')
    const page = await signIn(context, sallyport.url, `${role}@example.com`)
    const complaints = complaintsOf(page)
    const links = new Set<string>()
    for (const { href } of DESTINATIONS) {
      await look(page, { path: () => href, shows: /\w/ })
      for (const link of await page.locator('a[href^="/"]:not([download])').all())
        links.add((await link.getAttribute('href')) ?? '')
    }
    expect(links.size).toBeGreaterThan(DESTINATIONS.length)
    for (const link of links) {
      await look(page, { path: () => link, shows: /\w/ })
      const lost = page.getByText(/There is nothing here|There is no such|went wrong/).filter({ visible: true })
      expect(`${link} ${await lost.count()}`).toBe(`${link} 0`)
    }
    expect(complaints).toEqual([])
    await context.close()
  })
})

test('what a role may not see is said, with a way on; what it may not do is not offered', async () => {
  const context = await contextFor('desktop')
  const page = await signIn(context, sallyport.url, 'engineer@example.com')
  await look(page, { path: () => '/audit', shows: 'Not for your role' })
  await page.getByRole('link', { name: 'Back to overview' }).click()
  await page.waitForURL((at) => at.pathname === '/overview')
  await look(page, { path: () => '/connections?open=shop', shows: 'Who may connect' })
  for (const name of ['Add connection', 'Edit']) expect(await page.getByRole('link', { name }).count()).toBe(0)
  for (const name of ['Run test', 'Run again', 'Delete connection', 'Disable connection'])
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  await context.close()

  const auditor = await contextFor('desktop')
  const other = await signIn(auditor, sallyport.url, 'auditor@example.com')
  await look(other, { path: ({ session, resultOp }) => `/sessions/${session}?op=${resultOp}`, shows: 'since' })
  expect(await other.getByRole('button', { name: 'End session' }).count()).toBe(0)
  await auditor.close()
})

/** The README shows a session as it runs: statements arrive one after the other, the widest result is open. */
test.runIf(process.env.SALLYPORT_SCREENSHOTS)('the picture of the README', async () => {
  const shown = await psqlOfTheAgent(sallyport)
  shown.type(STATEMENTS[0] ?? '')
  await shown.prints(/BEGIN/)
  const context = await contextFor('desktop')
  const page = await signIn(context, sallyport.url, 'admin@example.com')
  await page.emulateMedia({ colorScheme: 'light' })
  const session = await liveSession()
  await look(page, { path: () => `/sessions/${session}`, shows: 'BEGIN;' })
  const row = (words: string) =>
    page.getByRole('table', { name: 'Statements' }).getByRole('row').filter({ hasText: words })
  for (const statement of STATEMENTS.slice(1)) {
    shown.type(statement)
    await row(statement)
      .getByText(/Allowed|Failed/)
      .waitFor()
  }
  await row('enterprise').getByRole('button').click()
  await page.getByRole('button', { name: 'Verify every event' }).click()
  await page.getByText(/^Verified to event/).waitFor()
  await page.getByRole('region', { name: 'Result' }).getByRole('row').nth(12).waitFor()
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/session.png', import.meta.url)) })
  await context.close()
  await shown.kill()
})
