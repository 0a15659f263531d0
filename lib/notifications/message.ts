import { escapeDangerous } from '../domain/dangerous-text'
import { CLOSE_WORDS, type NoticeKind } from '../domain/review'
import type { ClaimedNotice } from '../services/notifications/outbox'

/** What a webhook is told. Neither the text of the command nor its values: those are read in the portal, by whom it may. */
export interface NoticeBody {
  readonly id: string
  readonly event: NoticeKind
  readonly at: string
  readonly review: {
    readonly id: string
    readonly url: string
    readonly state: string
    readonly mode: string
    readonly principal: { readonly name: string; readonly kind: string }
    readonly human: { readonly name: string }
    readonly run: string | null
    readonly connection: string
    readonly kinds: readonly string[]
    readonly writes: readonly string[]
    readonly demands: readonly {
      readonly policy: string
      readonly group: string
      readonly quorum: number
      readonly reason: string
    }[]
    readonly votes: readonly { readonly voter: string; readonly decision: string }[]
    readonly openedAt: string
    readonly expiresAt: string
    readonly reason: string | null
  }
}

export function noticeBody({ id, kind, createdAt, row, votes }: ClaimedNotice, url: string): NoticeBody {
  const { review, state } = row
  const rejection = votes.find(({ decision }) => decision === 'reject')
  return {
    id,
    event: kind,
    at: createdAt.toISOString(),
    review: {
      id: review.id,
      url,
      state,
      mode: review.mode,
      principal: { name: review.principalName, kind: review.principalKind },
      human: { name: review.humanName },
      run: review.runLabel,
      connection: review.connectionName,
      kinds: review.facts?.kinds ?? [],
      writes: review.facts?.writes ?? [],
      demands: review.demands.map(({ policy, group, quorum, reason }) => ({ policy, group, quorum, reason })),
      votes: votes.map(({ principal, decision }) => ({ voter: principal.name, decision })),
      openedAt: review.openedAt.toISOString(),
      expiresAt: review.expiresAt.toISOString(),
      reason: rejection?.reason ?? (review.closeReason === null ? null : CLOSE_WORDS[review.closeReason]),
    },
  }
}

/** One message for Slack. Names come from requesters: they can neither mention anybody nor make a link. */
export function slackText({ review }: NoticeBody): string {
  const what = [review.kinds.join(', ') || 'a command', ...(review.writes.length > 0 ? [review.writes.join(', ')] : [])]
  const whom = review.principal.kind === 'person' ? '' : ` (for ${plain(review.human.name)})`
  const groups = [...new Set(review.demands.map(({ group, quorum }) => `${quorum} of ${group}`))]
  return [
    `${plain(review.principal.name)}${whom} waits for approval on ${plain(review.connection)}: ${plain(what.join(' on '))}`,
    plain(review.demands[0]?.reason ?? ''),
    `Asked: ${plain(groups.join(', '))}. <${review.url}|Decide in Sallyport>`,
  ].join('\n')
}

const MOST = 300

function plain(text: string): string {
  const short = escapeDangerous(text).slice(0, MOST)
  return short
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*_~`]/g, '\u00b7')
}
