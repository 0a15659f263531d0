import type { Page } from 'playwright-core'

/** What pages are about: made before they are looked at. */
export interface Subjects {
  readonly session: string
  /** Its statements with a result, with an error, and held. */
  readonly resultOp: number
  readonly failedOp: number
  readonly heldOp: number
  readonly person: string
  readonly agent: string
  readonly token: string
  readonly deviceCode: string
  /** One that waits, with a character that hides, and one that was approved for a while. */
  readonly held: string
  readonly decided: string
}

export interface PageCase {
  readonly name: string
  path(subjects: Subjects): string
  /** Who looks; an admin when absent. */
  readonly as?: 'approver'
  /** Only there with a rail, or only without. */
  readonly only?: 'desktop' | 'phone'
  /** What a person does on the page before it is looked at. */
  act?(page: Page): Promise<void>
  /** Text that is there when the page is. */
  readonly shows: string | RegExp
}

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).click()

/** Every page, panel and dialog that an admin, and where it says so an approver, can meet. */
export const PAGES: readonly PageCase[] = [
  { name: 'overview', path: () => '/overview', shows: 'Live now' },
  { name: 'inbox', as: 'approver', path: () => '/inbox', shows: 'Requested by me' },
  {
    name: 'held review',
    as: 'approver',
    path: ({ held }) => `/inbox?open=${held}`,
    shows: 'I have seen the flagged character',
  },
  {
    name: 'held review, read',
    as: 'approver',
    path: ({ held }) => `/inbox?open=${held}`,
    act: async (page) => {
      await page.getByLabel('I have seen the flagged character').check()
      for (let turns = 0; turns < 9; turns++) await page.keyboard.press('a')
    },
    shows: 'Approve once',
  },
  {
    name: 'reject',
    as: 'approver',
    path: ({ held }) => `/inbox?open=${held}`,
    act: press(/^Reject/),
    shows: 'Reject this command',
  },
  { name: 'review of others', path: ({ held }) => `/inbox?open=${held}`, shows: /^Only people with the role approver/ },
  { name: 'decided review', path: ({ decided }) => `/inbox?tab=decided&open=${decided}`, shows: /^By Petra Approver/ },
  { name: 'inbox without a match', path: () => '/inbox?tab=decided&q=nobody-of-this-name', shows: 'Nothing matches' },
  { name: 'missing review', path: () => '/inbox?open=rev_00000000000000000000', shows: 'There is no such review' },
  { name: 'sessions', path: () => '/sessions', shows: 'autogen' },
  { name: 'sessions without a match', path: () => '/sessions?q=nobody-of-this-name', shows: /match/i },
  { name: 'session', path: ({ session, resultOp }) => `/sessions/${session}?op=${resultOp}`, shows: 'since' },
  { name: 'failed statement', path: ({ session, failedOp }) => `/sessions/${session}?op=${failedOp}`, shows: '42703' },
  { name: 'exact bytes', path: ({ session }) => `/sessions/${session}?tab=exact`, shows: 'Exact bytes' },
  { name: 'record', path: ({ session }) => `/sessions/${session}?tab=record`, shows: 'Record' },
  {
    name: 'verified session',
    path: ({ session }) => `/sessions/${session}`,
    act: press('Verify every event'),
    shows: /^Verified to event/,
  },
  {
    name: 'end session',
    path: ({ session }) => `/sessions/${session}`,
    act: press('End session'),
    shows: 'End this session',
  },
  { name: 'connections', path: () => '/connections', shows: 'shop' },
  { name: 'connection', path: () => '/connections?open=shop', shows: 'Who may connect' },
  {
    name: 'minted in the panel',
    path: () => '/connections?open=shop',
    act: press('Mint a token'),
    shows: 'Copy token',
  },
  {
    name: 'delete connection',
    path: () => '/connections?open=shop',
    act: press('Delete connection'),
    shows: 'Delete shop?',
  },
  { name: 'add connection', path: () => '/connections?add=postgres', shows: 'Open to groups' },
  {
    name: 'add connection with mistakes',
    path: () => '/connections?add=postgres',
    act: press(/^Add and test/),
    shows: /fields need you$/,
  },
  { name: 'edit connection', path: () => '/connections?open=shop&edit=1', shows: 'Edit shop' },
  { name: 'missing connection', path: () => '/connections?open=gone', shows: 'There is no such connection' },
  { name: 'people', path: () => '/people', shows: 'Ada Admin' },
  { name: 'person', path: ({ person }) => `/people?open=${person}`, shows: 'Identity' },
  { name: 'agent', path: ({ agent }) => `/people?open=${agent}`, shows: 'Answers for it' },
  { name: 'add agent', path: () => '/people?add=agent', shows: /^Add (an )?agent/ },
  {
    name: 'disable agent',
    path: ({ agent }) => `/people?open=${agent}`,
    act: press('Disable autogen'),
    shows: 'Disable autogen?',
  },
  { name: 'tokens', path: () => '/tokens', shows: 'Access tokens' },
  { name: 'token', path: ({ token }) => `/tokens?open=${token}`, shows: 'Last characters' },
  { name: 'mint', path: () => '/tokens?mint=me', shows: 'Good for' },
  { name: 'minted', path: () => '/tokens?mint=me', act: press(/^Mint token/), shows: 'Copy it now.' },
  {
    name: 'held statement',
    path: ({ session, heldOp }) => `/sessions/${session}?op=${heldOp}`,
    shows: 'Held, open it',
  },
  {
    name: 'policy',
    path: () => '/policies/starter-agents',
    shows: 'As it is in force, and valid',
  },
  {
    name: 'policy with a problem',
    path: () => '/policies/new?from=nothing',
    act: async (page) => {
      await page.getByRole('textbox', { name: /^Text of/ }).click()
      await page.keyboard.press('Control+Home')
      await page.keyboard.insertText('permit (')
    },
    shows: /^unexpected token|^failed to parse/,
  },
  {
    name: 'versions of a policy',
    path: () => '/policies/starter-agents',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Versions' }).click()
      await page.getByRole('button', { name: /^Created/ }).click()
    },
    shows: '+',
  },
  {
    name: 'dry run',
    path: () => '/policies/new?from=agents-read-only',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Dry run' }).click()
      await page.getByRole('button', { name: 'Run it' }).click()
    },
    shows: 'Of what was recorded',
  },
  {
    name: 'explain',
    path: () => '/policies/explain',
    act: async (page) => {
      await page.getByLabel('Statement').fill('DELETE FROM orders; SELECT purge(1);')
      await page.getByRole('button', { name: /^Explain/ }).click()
    },
    shows: 'Facts of the statement',
  },
  { name: 'grant', path: () => '/grants', act: (page) => page.locator('tbody a').first().click(), shows: 'Shape' },
  { name: 'policies', path: () => '/policies', shows: /^Everything that no policy permits/ },
  { name: 'policies without a match', path: () => '/policies?q=no-such-words', shows: 'No policy matches' },
  { name: 'new policy', path: () => '/policies/new', shows: 'Start from nothing' },
  { name: 'policy from a recipe', path: () => '/policies/new?from=no-bulk-copies', shows: 'It can be saved' },
  { name: 'changes of policies', path: () => '/policies/changes', shows: /^Every set/ },
  { name: 'grants', path: () => '/grants', shows: 'What may run' },
  { name: 'ended grants', path: () => '/grants?state=ended', shows: /^(No grant has ended yet|What may run)$/ },
  { name: 'audit', path: () => '/audit', shows: /^Append-only/ },
  {
    name: 'audit entry',
    path: () => '/audit',
    act: (page) => page.locator('tbody a').first().click(),
    shows: 'Actor id',
  },
  { name: 'settings', path: () => '/settings', shows: 'Sealing keys' },
  { name: 'device', path: () => '/device', shows: 'Code in the terminal' },
  { name: 'device decision', path: ({ deviceCode }) => `/device?code=${deviceCode}`, shows: 'Sign this terminal in' },
  { name: 'not found', path: () => '/sessions/ses_00000000000000000000', shows: 'There is nothing here' },
  { name: 'unknown address', path: () => '/no/such/page', shows: 'There is nothing here' },
  {
    name: 'palette',
    path: () => '/overview',
    act: (page) => page.keyboard.press('Control+k'),
    shows: 'Search or run a command',
  },
  {
    name: 'shortcuts',
    path: () => '/sessions',
    only: 'desktop',
    act: (page) => page.keyboard.press('?'),
    shows: 'Everywhere',
  },
  { name: 'menu', path: () => '/overview', only: 'phone', act: press('Menu'), shows: 'Sallyport' },
]
