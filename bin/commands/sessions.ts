import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Env } from '#lib/config/env'
import type { StatementPage } from '#lib/services/sessions/list-statements'
import type { SessionDetail } from '#lib/services/sessions/read'
import type { SessionItem } from '#lib/services/sessions/session-item'
import type { StatementItem } from '#lib/services/sessions/statement-item'
import { type Api, type Listing, openApi } from './api'
import { type Command, UsageError } from './command'
import { COMMON, readOptions, required } from './options'
import { type Column, out, outJson, printable, table, when } from './print'

const OPTIONS = {
  ...COMMON,
  live: { type: 'boolean' },
  connection: { type: 'string' },
  query: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  recording: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
} as const
type Values = ReturnType<typeof readSessionOptions>['values']

const readSessionOptions = (args: readonly string[]) => readOptions(args, OPTIONS, 2)

export const command: Command = {
  usage: [
    'sessions list [--live] [--connection NAME] [--query TEXT] [--limit N] [--cursor CURSOR] [--as EMAIL] [--json]',
    'sessions show ID [--as EMAIL] [--json]',
    'sessions export ID [--recording] [-o FILE] [--as EMAIL]',
  ],
  async run(args, env) {
    const { values, positionals } = readSessionOptions(args)
    const [action, id] = positionals
    const api = openApi(env, values.as)
    if (action === 'list' && id === undefined) return list(api, values)
    if (action === 'show') return show(api, required(id, 'ID'), values, env)
    if (action === 'export') return write(api, required(id, 'ID'), values)
    throw new UsageError('what to do with sessions is missing: list, show or export')
  },
}

const SESSION_COLUMNS: readonly Column<SessionItem>[] = [
  { head: 'id', cell: ({ id }) => id },
  { head: 'started (utc)', cell: ({ startedAt }) => when(startedAt) },
  { head: 'who', cell: ({ principal }) => principal.name },
  { head: 'for', cell: ({ owner }) => owner.name },
  { head: 'connection', cell: ({ connection }) => connection.name },
  { head: 'state', cell: ({ endReason }) => endReason ?? 'live' },
  { head: 'statements', right: true, cell: ({ operations }) => String(operations) },
  { head: 'refused', right: true, cell: ({ refused }) => String(refused) },
  { head: 'failed', right: true, cell: ({ failed }) => String(failed) },
]

async function list(api: Api, values: Values): Promise<void> {
  const { connection, query, cursor, live } = values
  const limit = values.limit
  if (limit !== undefined && !/^\d+$/.test(limit)) throw new UsageError('--limit takes a number')
  const page = await api.json<Listing<SessionItem>>('sessions', {
    query: { connection, query, cursor, limit, state: live ? 'live' : undefined },
  })
  if (values.json) return outJson(page)
  if (page.items.length === 0) return out('No sessions.\n')
  out(table(SESSION_COLUMNS, page.items))
  if (page.nextCursor !== null) out(`\nMore with --cursor ${page.nextCursor}\n`)
}

const STATEMENT_COLUMNS: readonly Column<StatementItem>[] = [
  { head: '#', right: true, cell: ({ op }) => String(op) },
  { head: 'time (utc)', cell: ({ at }) => when(at).slice(11) },
  { head: 'outcome', cell: ({ status }) => status },
  { head: 'rows', right: true, cell: ({ rows }) => (rows === null ? '' : String(rows)) },
  { head: 'ms', right: true, cell: ({ durationUs }) => (durationUs === null ? '' : (durationUs / 1_000).toFixed(1)) },
  { head: 'statement', cell: ({ text }) => oneLine(text) },
]

async function show(api: Api, id: string, values: Values, env: Env): Promise<void> {
  const path = `sessions/${encodeURIComponent(id)}`
  const session = await api.json<SessionDetail>(path)
  const statements = await api.json<StatementPage>(`${path}/statements`, { query: { limit: 50 } })
  if (values.json) return outJson({ ...session, statements })
  const { principal, owner, connection, target, startedAt, endedAt, endReason, head } = session
  out(
    `${printable(`${principal.name} for ${owner.name} on ${connection.name} (${target.user}@${target.database})`)}\n` +
      `${when(startedAt)} to ${endedAt === null ? 'now, live' : `${when(endedAt)}, ${endReason ?? ''}`}\n` +
      `chain head ${head ?? 'none yet'}\n` +
      `${new URL(`/sessions/${session.id}`, env.SALLYPORT_URL).href}\n\n`,
  )
  out(table(STATEMENT_COLUMNS, statements.items))
  if (statements.next !== null)
    out(`\n${statements.total} statements in all: sallyport sessions export ${session.id}\n`)
}

async function write(api: Api, id: string, values: Values): Promise<void> {
  const body = await api.stream(`sessions/${encodeURIComponent(id)}/export`, { query: { recording: values.recording } })
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  const target = values.output === undefined ? process.stdout : createWriteStream(values.output, { mode: 0o600 })
  await pipeline(source, target, { end: values.output !== undefined })
}

const STATEMENT_WIDTH = 100

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > STATEMENT_WIDTH ? `${flat.slice(0, STATEMENT_WIDTH - 1)}…` : flat
}
