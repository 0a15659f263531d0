import type { Env } from '#lib/config/env'
import { escapeDangerous } from '#lib/domain/dangerous-text'
import { REVIEW_STATES } from '#lib/domain/review'
import type { ReviewDetail } from '#lib/services/reviews/read'
import type { ReviewItem } from '#lib/services/reviews/review-item'
import { type Api, type Listing, openApi } from './api'
import { type Command, UsageError } from './command'
import { COMMON, readDuration, readOptions, required } from './options'
import { type Column, out, outJson, printable, table, when } from './print'

const OPTIONS = {
  ...COMMON,
  state: { type: 'string' },
  connection: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  scope: { type: 'string' },
  reason: { type: 'string' },
} as const
type Values = ReturnType<typeof readReviewOptions>['values']

const readReviewOptions = (args: readonly string[]) => readOptions(args, OPTIONS, 2)

export const command: Command = {
  usage: [
    'reviews list [--state pending|decided|…] [--connection NAME] [--limit N] [--cursor CURSOR] [--as EMAIL] [--json]',
    'reviews show ID [--as EMAIL] [--json]',
    'reviews approve ID [--scope once|run|15m] [--as EMAIL] [--json]',
    'reviews reject ID [--reason TEXT] [--as EMAIL] [--json]',
  ],
  async run(args, env) {
    const { values, positionals } = readReviewOptions(args)
    const [action, id] = positionals
    const api = openApi(env, values.as)
    if (action === 'list' && id === undefined) return list(api, values)
    if (action === 'show') return show(api, required(id, 'ID'), values, env)
    if (action === 'approve')
      return decide(api, required(id, 'ID'), 'approve', { scope: scopeOf(values.scope) }, values)
    if (action === 'reject') {
      const reason = values.reason ?? 'no reason was given'
      return decide(api, required(id, 'ID'), 'reject', { reason }, values)
    }
    throw new UsageError('what to do with reviews is missing: list, show, approve or reject')
  },
}

const COLUMNS: readonly Column<ReviewItem>[] = [
  { head: 'id', cell: ({ id }) => id },
  { head: 'asked (utc)', cell: ({ openedAt }) => when(openedAt) },
  { head: 'state', cell: ({ state, executed }) => (executed ? `${state}, used` : state) },
  { head: 'who', cell: ({ principal }) => principal.name },
  { head: 'for', cell: ({ human }) => human.name },
  { head: 'connection', cell: ({ connection }) => connection.name },
  { head: 'approvals', cell: ({ demands }) => demands.map(votesOf).join(', ') },
  { head: 'command', cell: ({ text }) => oneLine(text) },
]

async function list(api: Api, values: Values): Promise<void> {
  const { connection, cursor, limit, state } = values
  if (limit !== undefined && !/^\d+$/.test(limit)) throw new UsageError('--limit takes a number')
  if (state !== undefined && ![...REVIEW_STATES, 'decided'].includes(state))
    throw new UsageError(`--state takes ${REVIEW_STATES.join(', ')} or decided`)
  const page = await api.json<Listing<ReviewItem>>('reviews', { query: { connection, cursor, limit, state } })
  if (values.json) return outJson(page)
  if (page.items.length === 0) return out('No reviews.\n')
  out(table(COLUMNS, page.items))
  if (page.nextCursor !== null) out(`\nMore with --cursor ${page.nextCursor}\n`)
}

async function show(api: Api, id: string, values: Values, env: Env): Promise<void> {
  const review = await api.json<ReviewDetail>(`reviews/${encodeURIComponent(id)}`)
  if (values.json) return outJson(review)
  const { principal, human, connection, database, dangers, encoding, binds, demands } = review
  const lines = [
    printable(`${review.id}, ${review.state}: ${principal.name} for ${human.name} on ${connection.name}/${database}`),
    ...demands.map((demand) => printable(`${demand.policy} asks ${votesOf(demand)}: ${demand.reason}`)),
    ...(review.estimate ? [`about ${review.estimate.rows} rows`] : []),
    ...(review.said === null ? [] : [printable(`the requester says, unverified: ${review.said}`)]),
    ...dangers.map(({ code, danger, line, byte }) => `${danger} character ${code} in line ${line}, byte ${byte}`),
    '',
    encoding === 'base64' ? `base64: ${review.text}` : escapeDangerous(review.text),
    ...binds.map((value, index) => printable(`$${index + 1} = ${JSON.stringify(value)}`)),
    '',
    new URL(`/inbox?open=${review.id}`, env.SALLYPORT_URL).href,
  ]
  out(`${lines.join('\n')}\n`)
}

async function decide(api: Api, id: string, verb: 'approve' | 'reject', body: object, values: Values): Promise<void> {
  const review = await api.json<ReviewDetail>(`reviews/${encodeURIComponent(id)}/${verb}`, { method: 'POST', body })
  if (values.json) return outJson(review)
  const waits = review.demands.map(votesOf).join(', ')
  out(review.state === 'pending' ? `${review.id} has your approval: ${waits}\n` : `${review.id} is ${review.state}\n`)
}

/** `once`, `run`, or a duration in whole minutes. */
function scopeOf(text = 'once'): object {
  if (text === 'once' || text === 'run') return { kind: text }
  const minutes = readDuration(text) / 60
  if (!Number.isInteger(minutes)) throw new UsageError('--scope takes once, run or whole minutes such as 15m')
  return { kind: 'minutes', minutes }
}

function votesOf({ group, quorum, approvals }: ReviewItem['demands'][number]): string {
  return `${approvals} of ${quorum} of ${group}`
}

const WIDTH = 80

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > WIDTH ? `${flat.slice(0, WIDTH - 1)}…` : flat
}
