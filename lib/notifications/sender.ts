import { toSallyportError } from '../domain/errors'
import type { Context } from '../services/context'
import { type ClaimedNotice, claimNotices, settleNotice } from '../services/notifications/outbox'
import type { Channel } from './channels'
import { noticeBody } from './message'

export interface SenderParts {
  /** Sallyport's own. */
  readonly ctx: Context
  readonly channels: readonly Channel[]
  reviewUrl(id: string): string
}

/** Sends what is due, until nothing is. A review never waits for it. Rejects when the store does not answer. */
export async function sendNotices(parts: SenderParts): Promise<void> {
  for (;;) {
    const claimed = await claimNotices(parts.ctx)
    await Promise.all(claimed.map((notice) => sendOne(parts, notice)))
    if (claimed.length === 0) return
  }
}

async function sendOne({ ctx, channels, reviewUrl }: SenderParts, notice: ClaimedNotice): Promise<void> {
  const body = noticeBody(notice, reviewUrl(notice.row.review.id))
  const wanted = isOutdated(notice)
    ? []
    : channels.filter(({ name, wants }) => wants(notice.kind) && !notice.sentTo.includes(name))
  const sentTo = [...notice.sentTo]
  const errors: string[] = []
  await Promise.all(
    wanted.map(async (channel) => {
      try {
        await channel.send(body)
        sentTo.push(channel.name)
      } catch (error) {
        errors.push(`${channel.name}: ${toSallyportError(error).message}`)
      }
    }),
  )
  await settleNotice(ctx, notice.id, { sentTo, error: errors.length === 0 ? null : errors.sort().join('; ') })
}

/** Nobody is called to what is decided already. */
function isOutdated({ kind, row }: ClaimedNotice): boolean {
  return kind === 'review.opened' && row.state !== 'pending'
}
