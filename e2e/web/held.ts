import type { Locator, Page } from 'playwright-core'
import { sallyportDoes } from '../fixtures/connect'
import type { Sallyport } from '../fixtures/sallyport'
import { type OpenPsql, openPsql } from './psql'

/** A psql of the demo agent, for whom engineer@example.com answers. */
export async function psqlOfTheAgent(sallyport: Sallyport, run = 'nightly-report'): Promise<OpenPsql> {
  const args = ['token', 'create', '--agent', 'autogen', '--connection', 'shop', '--run', run]
  const token = (await sallyportDoes(sallyport, args)).trim()
  const { postgres } = sallyport.ports
  return openPsql(`psql "host=127.0.0.1 port=${postgres} dbname=shop user=autogen password=${token}"`)
}

/** Types a statement that policy holds; gives the id of its review once psql was told. */
export async function hold(psql: OpenPsql, statement: string): Promise<string> {
  const told = (text: string) => [...text.matchAll(/\[sallyport:held (rev_\w+)\]/g)].map(([, id]) => id ?? '')
  const before = told(await psql.prints(/^/)).length
  psql.type(statement)
  return told(await psql.prints(new RegExp(`(\\[sallyport:held.*){${before + 1}}`, 's')))[before] ?? ''
}

/** The review that is open. */
export const openReview = (page: Page): Locator => page.getByRole('region', { name: 'Open review' })

/** The entry of a review in the list. */
export const entryOf = (page: Page, id: string): Locator => page.locator(`[data-review-entry="${id}"]`)
