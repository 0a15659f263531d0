import { setTimeout as wait } from 'node:timers/promises'
import { SallyportError } from '#lib/domain/errors'
import type { ConnectionSummary, TestItem } from '#lib/services/connections/connection-item'
import { type Api, type Listing, openApi } from './api'
import { type Command, UsageError } from './command'
import { COMMON, readOptions, required } from './options'
import { type Column, out, outJson, table, when } from './print'

export const command: Command = {
  usage: ['connections list [--as EMAIL] [--json]', 'connections test NAME [--as EMAIL] [--json]'],
  async run(args, env) {
    const { values, positionals } = readOptions(args, COMMON, 2)
    const [action, name] = positionals
    const api = openApi(env, values.as)
    if (action === 'list' && name === undefined) return list(api, values.json ?? false)
    if (action === 'test') return test(api, required(name, 'NAME'), values.json ?? false)
    throw new UsageError('what to do with connections is missing: list or test')
  },
}

const COLUMNS: readonly Column<ConnectionSummary>[] = [
  { head: 'name', cell: ({ name }) => name },
  { head: 'protocol', cell: ({ protocol }) => protocol },
  { head: 'address', cell: ({ address }) => address },
  { head: 'access', cell: ({ access }) => access.join(', ') },
  { head: 'state', cell: ({ state }) => state },
  { head: 'last test', cell: ({ lastTest }) => (lastTest ? lastTest.state : 'never') },
  { head: 'last used (utc)', cell: ({ lastUsedAt }) => when(lastUsedAt) },
]

async function list(api: Api, json: boolean): Promise<void> {
  const page = await api.json<Listing<ConnectionSummary>>('connections', { query: { limit: 200 } })
  if (json) return outJson(page)
  out(page.items.length === 0 ? 'No connections.\n' : table(COLUMNS, page.items))
}

const POLL_MS = 250
const GIVE_UP_MS = 60_000

/** Throws `target_unreachable` with the failed step's words, so that the exit code says how it went. */
async function test(api: Api, name: string, json: boolean): Promise<void> {
  const { id } = await api.json<{ id: string }>(`connections/${encodeURIComponent(name)}`)
  const { testId } = await api.json<{ testId: string }>(`connections/${id}/test`, { method: 'POST' })
  const done = await finished(api, testId)
  if (json) outJson(done)
  else
    out(
      table(
        [
          { head: 'step', cell: ({ name: step }) => step },
          { head: 'state', cell: ({ state }) => state },
          { head: 'ms', right: true, cell: ({ durationMs }) => (durationMs === null ? '' : durationMs.toFixed(0)) },
          { head: 'detail', cell: ({ detail }) => detail },
        ],
        done.steps,
      ),
    )
  if (done.state === 'passed') return
  const failed = done.steps.find(({ state }) => state === 'failed')
  throw new SallyportError(
    'target_unreachable',
    `${name}: ${failed ? `${failed.name}: ${failed.detail}` : 'the test failed'}`,
  )
}

async function finished(api: Api, testId: string): Promise<TestItem> {
  for (const deadline = Date.now() + GIVE_UP_MS; ; await wait(POLL_MS)) {
    const test = await api.json<TestItem>(`tests/${testId}`)
    if (test.state === 'passed' || test.state === 'failed') return test
    if (Date.now() > deadline) throw new SallyportError('unavailable', 'No proxy ran the test within a minute.')
  }
}
