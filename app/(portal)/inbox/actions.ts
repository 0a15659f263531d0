'use server'
import { requireContext } from '#lib/auth/context'
import type { ApprovalScope } from '#lib/domain/hold'
import { approveReview } from '#lib/services/reviews/approve'
import { cancelReview } from '#lib/services/reviews/cancel'
import type { ReviewDetail } from '#lib/services/reviews/read'
import { rejectReview } from '#lib/services/reviews/reject'
import { type Outcome, outcome } from '../../_components/outcome'
import { loadInboxParams } from './_components/inbox-params'
import type { ReviewsPage } from './_components/review-view'
import { decidedPage } from './load'

export async function approveHere(id: string, scope: ApprovalScope): Promise<Outcome<ReviewDetail>> {
  return outcome(async () => approveReview({ ctx: await requireContext(), input: { id, scope } }))
}

export async function rejectHere(id: string, reason: string): Promise<Outcome<ReviewDetail>> {
  return outcome(async () => rejectReview({ ctx: await requireContext(), input: { id, reason } }))
}

export async function takeBack(id: string): Promise<Outcome<ReviewDetail>> {
  return outcome(async () => cancelReview({ ctx: await requireContext(), input: { id } }))
}

/** The next decided ones. `query` is what the page was rendered with. */
export async function loadDecided(query: string, cursor: string): Promise<Pick<ReviewsPage, 'decided' | 'nextCursor'>> {
  const ctx = await requireContext()
  const given = JSON.parse(query) as Record<string, unknown>
  const texts = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return decidedPage(ctx, await loadInboxParams(Promise.resolve(Object.fromEntries(texts))), cursor)
}
