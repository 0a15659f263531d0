import { may } from '#lib/domain/permissions'
import { listConnections } from '#lib/services/connections/list'
import { type Context, limitsOf } from '#lib/services/context'
import { listReviews } from '#lib/services/reviews/list'
import { readReview } from '#lib/services/reviews/read'
import type { ReviewItem } from '#lib/services/reviews/review-item'
import { factTitle } from '../../_components/fact-words'
import { orMissing } from '../../_components/or-missing'
import type { InboxParams } from './_components/inbox-params'
import { approvalsOf, type ReviewRow, type ReviewsPage, type ReviewView } from './_components/review-view'

const HOUR_MS = 3_600_000
const PAGE = 100
/** More can hardly wait: a principal has few at most. */
const PENDING = 200
const LATELY = 20

/** What one tab shows first. */
export async function reviewsPage(ctx: Context, params: InboxParams): Promise<ReviewsPage> {
  if (params.tab === 'decided') return { pending: [], ...(await decidedPage(ctx, params, null)) }
  const mine = params.tab === 'mine' ? { requestedByMe: true } : {}
  const [pending, decided] = await Promise.all([
    listReviews({ ctx, input: { state: 'pending', limit: PENDING, ...mine } }),
    params.tab === 'mine' ? decidedPage(ctx, params, null) : decidedLately(ctx),
  ])
  return { pending: soonestFirst(pending.items.map(toRow)), ...decided }
}

type DecidedPage = Pick<ReviewsPage, 'decided' | 'nextCursor'>

/** Decided ones by the filters of the address. `cursor` null is the first page. */
export async function decidedPage(ctx: Context, params: InboxParams, cursor: string | null): Promise<DecidedPage> {
  const { outcome, connection, q, tab } = params
  const page = await listReviews({
    ctx,
    input: {
      limit: PAGE,
      state: outcome ?? 'decided',
      ...(cursor !== null && { cursor }),
      ...(tab === 'mine' && { requestedByMe: true }),
      ...(connection !== null && { connection }),
      ...(q.trim() !== '' && { query: q.trim() }),
    },
  })
  return { decided: page.items.map(toRow), nextCursor: page.nextCursor }
}

async function decidedLately(ctx: Context): Promise<DecidedPage> {
  const { items } = await listReviews({ ctx, input: { state: 'decided', limit: LATELY } })
  const since = ctx.clock.now() - HOUR_MS
  const rows = items.map(toRow).filter(({ decidedAt, expiresAt }) => Date.parse(decidedAt ?? expiresAt) > since)
  return { decided: rows, nextCursor: null }
}

/** The open one; null when there is none of this id for the reader. */
export async function openReview(ctx: Context, id: string): Promise<ReviewView | null> {
  const review = await orMissing(readReview({ ctx, input: { id } }))
  if (review === null) return null
  const mine = review.human.id === ctx.actor.principal.id
  const { grantMinutes, reasonBytes } = limitsOf(ctx)
  return { ...review, mayOpenSession: mine || may(ctx.actor, 'sessions:read'), limits: { grantMinutes, reasonBytes } }
}

/** Anything was held before, as far as the reader may see. */
export async function everHeld(ctx: Context): Promise<boolean> {
  const { items } = await listReviews({ ctx, input: { limit: 1 } })
  return items.length > 0
}

/** Names for the filter. */
export async function connectionNames(ctx: Context): Promise<readonly string[]> {
  if (!may(ctx.actor, 'connections:read')) return []
  const { items } = await listConnections({ ctx, input: { limit: 200 } })
  return items.map(({ name }) => name)
}

function soonestFirst(rows: readonly ReviewRow[]): readonly ReviewRow[] {
  return [...rows].sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt))
}

function toRow(item: ReviewItem): ReviewRow {
  return {
    id: item.id,
    state: item.state,
    title: factTitle(item.facts),
    principal: item.principal.name,
    connection: item.connection.name,
    expiresAt: item.expiresAt,
    decidedAt: item.decidedAt,
    approvals: approvalsOf(item),
    forMe: item.mine.kind === 'decide',
  }
}
