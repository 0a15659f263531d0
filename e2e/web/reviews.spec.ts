import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { api } from '../fixtures/api'
import { DESKTOP, launchBrowser, PHONE, signedInState } from '../fixtures/browser'
import { entryOf, hold, openReview, psqlOfTheAgent } from './held'
import type { OpenPsql } from './psql'

const { sallyport } = inject('shared')
const open: OpenPsql[] = []
const pages: Page[] = []
const signedIn = new Map<string, Awaited<ReturnType<typeof signedInState>>>()
let browser: Browser
let made = 0

beforeAll(async () => {
  browser = await launchBrowser()
  // The demo has one approver. Two race better, and the human behind the agent is one, too.
  const groups = ['sallyport-approvers', 'sallyport-auditors', 'engineers']
  await api(sallyport, 'roles/approver', { method: 'PUT', body: { groups } })
  for (const who of ['approver', 'auditor', 'engineer'])
    signedIn.set(who, await signedInState(browser, sallyport.url, `${who}@example.com`))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((psql) => psql.kill()))
  await Promise.all(pages.splice(0).map((page) => page.context().close()))
})
afterAll(async () => {
  await api(sallyport, 'roles/approver', { method: 'PUT', body: { groups: ['sallyport-approvers'] } })
  await browser.close()
})

async function inbox(who: string, viewport = DESKTOP): Promise<Page> {
  const context = await browser.newContext({ viewport, storageState: signedIn.get(who) })
  const page = await context.newPage()
  pages.push(page)
  await page.goto(`${sallyport.url}/inbox`)
  await page.getByRole('link', { name: 'Requested by me' }).waitFor()
  // Gone with the first reload: what arrives from here on arrives by itself.
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  return page
}

const stayed = (page: Page) => page.evaluate(() => 'stayed' in window)

/** A psql of the agent with a table of its own. */
async function agent(): Promise<{ psql: OpenPsql; table: string }> {
  const psql = await psqlOfTheAgent(sallyport)
  open.push(psql)
  made += 1
  const table = `web_${made}`
  psql.type(`CREATE TABLE ${table} AS SELECT generate_series(1, 40) AS id;`)
  await psql.prints(/SELECT 40/)
  return { psql, table }
}

test('psql waits, the card appears by itself, approval lets it run and the result appears', async () => {
  const page = await inbox('approver')
  const { psql, table } = await agent()
  const id = await hold(psql, `DELETE FROM ${table};`)
  await entryOf(page, id).waitFor()
  await expect.poll(() => page.title()).toMatch(/^\(\d+\) /)
  const review = openReview(page)
  await review.getByRole('heading', { name: `Delete every row of ${table} on shop` }).waitFor()
  await review.getByText('autogen asks on behalf of').waitFor()
  await review.getByText(`DELETE FROM ${table};`).waitFor()
  await review.getByText('nothing sent yet').waitFor()
  await review.getByRole('button', { name: /^Approve once/ }).click()
  expect(await psql.prints(/DELETE 40/)).not.toContain('ERROR')
  await review.getByText('40 rows in').waitFor()
  await entryOf(page, id).getByText('Approved').waitFor()
  await expect.poll(() => page.title()).not.toMatch(/^\(/)
  expect(await stayed(page)).toBe(true)
})

test('what was approved and runs for long shows by itself what became of it', async () => {
  const page = await inbox('approver')
  const { psql } = await agent()
  await hold(psql, 'DO $$ BEGIN PERFORM pg_sleep(3); END $$;')
  const review = openReview(page)
  await review.getByRole('button', { name: /^Approve once/ }).click()
  await review.getByText('sent, running').waitFor()
  await psql.prints(/\nDO\n/)
  await review.getByText(/^no rows in/).waitFor()
  expect(await stayed(page)).toBe(true)
})

test('a rejection ends the wait, and psql prints the reason word for word', async () => {
  const page = await inbox('approver')
  const { psql, table } = await agent()
  await hold(psql, `DROP TABLE ${table};`)
  const review = openReview(page)
  await review.getByRole('button', { name: 'Reject with reason' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reject this command' })
  await dialog.getByRole('button', { name: /^Reject/ }).click()
  await dialog.getByText('A reason is needed').waitFor()
  await dialog.getByLabel('Reason').fill(`Keep ${table} until the audit is done.`)
  await dialog.getByRole('button', { name: /^Reject/ }).click()
  expect(await psql.prints(/ERROR/)).toMatch(
    new RegExp(`\\[sallyport:rejected rev_\\w+\\] Keep ${table} until the audit is done\\.`),
  )
  await review.getByText('By Petra Approver').first().waitFor()
  psql.type(`SELECT count(*) FROM ${table};`)
  await psql.prints(/\b40\b/)
})

test('two approvers race: one wins, the other is told calmly who', async () => {
  const [first, second] = [await inbox('approver'), await inbox('auditor')]
  const { psql, table } = await agent()
  await hold(psql, `TRUNCATE ${table};`)
  const buttons = [first, second].map((page) => openReview(page).getByRole('button', { name: /^Approve once/ }))
  await Promise.all(buttons.map((button) => button.click({ trial: true })))
  await Promise.all(buttons.map((button) => button.click()))
  await psql.prints(/TRUNCATE TABLE/)
  const words = await Promise.all(
    [first, second].map(async (page) => {
      await openReview(page).getByText('Approved', { exact: true }).first().waitFor()
      return openReview(page).getByRole('status').last().textContent()
    }),
  )
  const beaten = words.filter((text) => /was first; your vote was not needed/.test(text ?? ''))
  expect(beaten).toHaveLength(1)
  for (const page of [first, second]) expect(await openReview(page).getByRole('alert').count()).toBe(0)
})

test('the human behind the agent reads why they cannot decide, has nothing to press, and may take it back', async () => {
  const page = await inbox('engineer')
  const { psql, table } = await agent()
  await hold(psql, `DROP TABLE ${table};`)
  const review = openReview(page)
  await review.getByText('You stand behind this request: somebody else must decide about it.').waitFor()
  for (const name of [/^Approve/, /^Reject/]) expect(await review.getByRole('button', { name }).count()).toBe(0)
  expect(await page.title()).not.toMatch(/^\(/)
  await page.keyboard.press('a')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  await review.getByText('nothing sent yet').waitFor()
  await review.getByRole('button', { name: 'Take it back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
  await review.getByText('Withdrawn').first().waitFor()
  await psql.prints(/ERROR.*\[sallyport:/)
})

test('by keyboard alone: one key decides nothing, going there and confirming does', async () => {
  const page = await inbox('approver')
  const { psql, table } = await agent()
  const id = await hold(psql, `DROP TABLE ${table};`)
  await entryOf(page, id).waitFor()
  await openReview(page).getByText(`DROP TABLE ${table};`).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const approve = openReview(page).getByRole('button', { name: /^Approve once/ })
  await approve.click({ trial: true })
  await page.keyboard.press('a')
  await expect.poll(() => approve.evaluate((button) => button === document.activeElement)).toBe(true)
  await openReview(page).getByText('nothing sent yet').waitFor()
  await page.keyboard.press('Enter')
  await psql.prints(/DROP TABLE/)
})

test('approving waits until all of a long text, and what is hidden in it, has been seen', async () => {
  const page = await inbox('approver')
  const { psql, table } = await agent()
  const lines = Array.from({ length: 120 }, (_, index) => `-- line ${index} of what leads up to it`).join('\n')
  await hold(psql, `DELETE /*\n${lines}\n*/ FROM ${table} /* a\u200bb */;`)
  const review = openReview(page)
  const blocked = review.getByRole('button', { name: /^Read \d+ more lines? to approve/ })
  await blocked.waitFor()
  expect(await blocked.isDisabled()).toBe(true)
  await page.keyboard.press('Control+Enter')
  await review.getByText('U+200B').last().waitFor()
  // Jumping to the end shows the end, not what was jumped over.
  await review.locator('[data-review]').evaluate((element) => element.scrollTo(0, element.scrollHeight))
  expect(await blocked.isDisabled()).toBe(true)
  for (let turns = 0; turns < 20 && (await blocked.count()) > 0; turns++) await page.keyboard.press('a')
  const tick = review.getByRole('button', { name: 'Tick the flagged character' })
  await tick.waitFor()
  expect(await tick.isDisabled()).toBe(true)
  await review.getByLabel('I have seen the flagged character').check()
  await review.getByRole('button', { name: /^Approve once/ }).click()
  await psql.prints(/DELETE 40/)
})

test('approved for a run or for minutes, the same with other values runs without asking, until it is revoked', async () => {
  const page = await inbox('approver')
  const { psql, table } = await agent()
  await hold(psql, `UPDATE ${table} SET id = 1;`)
  const review = openReview(page)
  await review.getByRole('button', { name: 'For this run' }).click()
  await review.getByText('until the run “nightly-report” ends').waitFor()
  await review.getByRole('button', { name: 'Approve for this run' }).click()
  await psql.prints(/UPDATE 40/)
  psql.type(`UPDATE ${table} SET id = 2;`)
  await psql.prints(/(UPDATE 40.*){2}/s)
  await page.goto(`${sallyport.url}/grants`)
  await page.getByRole('link', { name: `Update every row of ${table}` }).click()
  await page.getByRole('button', { name: 'Revoke grant' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke grant' }).click()
  // Not by its role: behind a dialog nothing has one.
  await page.locator('tbody tr').filter({ hasText: table }).waitFor({ state: 'detached' })
  const id = await hold(psql, `UPDATE ${table} SET id = 3;`)
  await page.goto(`${sallyport.url}/inbox?open=${id}`)
  await review.getByRole('button', { name: 'For a while' }).click()
  await review.getByLabel('For how long').selectOption('30')
  await review.getByRole('button', { name: 'Approve for 30 min' }).click()
  await psql.prints(/(UPDATE 40.*){3}/s)
  psql.type(`UPDATE ${table} SET id = 4;`)
  await psql.prints(/(UPDATE 40.*){4}/s)
  await page.goto(`${sallyport.url}/grants`)
  await page
    .getByRole('row')
    .filter({ hasText: table })
    .getByText(/^(29|30):\d\d left/)
    .waitFor()
})

test('what expires while one looks goes over to the decided by itself, and cannot be approved', async () => {
  const page = await inbox('approver')
  const { psql, table } = await agent()
  const id = await hold(psql, `DROP TABLE ${table};`)
  await openReview(page)
    .getByRole('button', { name: /^Approve once/ })
    .waitFor()
  await page.clock.install()
  await page.clock.fastForward('16:00')
  await entryOf(page, id).getByText('Expired').waitFor()
  await openReview(page).getByText('Nobody decided in time. The client was told').waitFor()
  expect(
    await openReview(page)
      .getByRole('button', { name: /^Approve/ })
      .count(),
  ).toBe(0)
})

test('on a phone the list leads to the review and back, and the decision is at the thumb', async () => {
  const page = await inbox('approver', PHONE)
  const { psql, table } = await agent()
  const id = await hold(psql, `DROP TABLE ${table};`)
  await entryOf(page, id).click()
  const approve = openReview(page).getByRole('button', { name: /^Approve once/ })
  const box = await approve.boundingBox()
  expect(box?.height).toBeGreaterThanOrEqual(44)
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(PHONE.height - 60)
  await page.getByRole('link', { name: 'Back to the list' }).click()
  await entryOf(page, id).click()
  await approve.click()
  await psql.prints(/DROP TABLE/)
})
