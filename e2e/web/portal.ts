import type { Locator, Page } from 'playwright-core'

/** The side panel with this title. */
export function panelOf(page: Page, title: string): Locator {
  return page.getByRole('complementary', { name: title, exact: true })
}

/** Mints a token in the panel of a connection that is open, and gives the psql line as it stands there to be copied. */
export async function mintInPanel(page: Page, connection: string): Promise<string> {
  const panel = panelOf(page, connection)
  await panel.getByRole('button', { name: 'Mint a token' }).click()
  await panel.getByRole('button', { name: 'Copy token' }).waitFor()
  const text = await panel.getByRole('tabpanel', { name: 'psql' }).textContent()
  return text?.trim() ?? ''
}
