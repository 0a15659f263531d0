import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { api } from '../fixtures/api'
import { DESKTOP, launchBrowser, signIn } from '../fixtures/browser'
import { sallyportDoes } from '../fixtures/connect'
import { mintInPanel, panelOf } from './portal'
import { type OpenPsql, openPsql } from './psql'

const { sallyport } = inject('shared')
const PROMISED_MS = 5_000
const open: OpenPsql[] = []
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await Promise.all(open.map((psql) => psql.kill()))
})

async function signedIn(email: string): Promise<Page> {
  return signIn(await browser.newContext({ viewport: DESKTOP }), sallyport.url, email)
}

/** A psql in the middle of a long statement: it hears of its end at once. */
async function busyPsql(line: string): Promise<OpenPsql> {
  const psql = openPsql(line)
  open.push(psql)
  psql.type("SELECT 'at ' || 'work';")
  await psql.prints(/at work/)
  psql.type('SELECT pg_sleep(120);')
  return psql
}

/** What psql printed, when it ended within the time in which access must be gone. */
async function cutOff(psql: OpenPsql): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('psql still has its session')), PROMISED_MS)
  })
  return Promise.race([psql.ended, late]).finally(() => clearTimeout(timer))
}

async function connectAs(email: string): Promise<{ page: Page; psql: OpenPsql }> {
  const page = await signedIn(email)
  await page.goto(`${sallyport.url}/connections?open=shop`)
  return { page, psql: await busyPsql(await mintInPanel(page, 'shop')) }
}

/** Opens the newest live session of somebody from the list. */
async function openLive(page: Page, who: string): Promise<string> {
  await page.goto(`${sallyport.url}/sessions`)
  const rows = page.getByRole('table', { name: 'Sessions' }).getByRole('row')
  await rows.filter({ hasText: who }).filter({ hasText: 'Live' }).first().getByRole('link').click()
  await page.waitForURL((at) => /^\/sessions\/ses_/.test(at.pathname))
  return page.url()
}

test('signing out ends the live sessions of one’s own tokens within 5 s', async () => {
  const { page, psql } = await connectAs('engineer@example.com')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL((at) => at.pathname === '/sign-in')
  expect(await cutOff(psql)).toMatch(/FATAL:.*\[sallyport/)
  await page.goto(`${sallyport.url}/sessions`)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  await page.context().close()
})

test('disabling an agent from its panel ends its live session within 5 s, and its token opens nothing more', async () => {
  const agent = await api<{ id: string }>(sallyport, 'agents', {
    method: 'POST',
    body: { name: 'short-lived', ownerEmail: 'engineer@example.com', groups: ['agents'] },
  })
  const args = ['token', 'create', '--agent', 'short-lived', '--connection', 'shop']
  const token = (await sallyportDoes(sallyport, args)).trim()
  const line = `psql "host=127.0.0.1 port=${sallyport.ports.postgres} dbname=shop user=short-lived password=${token}"`
  const psql = await busyPsql(line)
  const page = await signedIn('admin@example.com')
  await page.goto(`${sallyport.url}/people?open=${agent.id}`)
  const panel = panelOf(page, 'short-lived')
  await panel.getByRole('button', { name: 'Disable short-lived' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable short-lived?' })
  await dialog.getByText('1 live session ends within 5 s').waitFor()
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
  expect(await cutOff(psql)).toMatch(/FATAL:.*\[sallyport/)
  await panel.getByRole('button', { name: 'Enable short-lived' }).waitFor()
  expect(await openPsql(line).quit()).toMatch(/FATAL:.*\[sallyport/)
  await page.context().close()
})

test('an engineer sees their own sessions and finds nothing where somebody else’s is', async () => {
  const admin = await connectAs('admin@example.com')
  const foreign = await openLive(admin.page, 'Ada Admin')
  const { page } = await connectAs('engineer@example.com')
  const own = await openLive(page, 'Erin Engineer')
  expect(own).not.toBe(foreign)
  await page.goto(`${sallyport.url}/sessions`)
  const sessions = page.getByRole('table', { name: 'Sessions' })
  await sessions.getByText('Erin Engineer').first().waitFor()
  expect(await sessions.getByText('Ada Admin').count()).toBe(0)
  await page.goto(foreign)
  await page.getByText('There is nothing here').waitFor()
  expect(await page.getByText('Ada Admin').count()).toBe(0)
  const id = new URL(foreign).pathname.split('/').at(-1)
  for (const part of ['', '/statements', '/statements/1/result', '/events', '/export'])
    expect((await page.request.get(`${sallyport.url}/api/v1/sessions/${id}${part}`)).status()).toBe(404)
  await page.context().close()
  await admin.page.context().close()
})
