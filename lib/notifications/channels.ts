import type { Env } from '../config/env'
import type { NoticeKind } from '../domain/review'
import { type NoticeBody, slackText } from './message'
import type { Post } from './post'
import { signatureHeaders } from './signature'

/** Somewhere outside that is told about reviews. */
export interface Channel {
  readonly name: 'webhook' | 'slack'
  wants(kind: NoticeKind): boolean
  /** Rejects when it was not taken; sending it again is harmless (`X-Sallyport-Delivery` stays). */
  send(body: NoticeBody): Promise<void>
}

const JSON_BODY = { 'content-type': 'application/json', 'user-agent': 'Sallyport' } as const

/** What the settings name: a webhook that is told everything, signed, and a Slack channel that is told what waits. */
export function channelsOf(env: Env, post: Post, now: () => number): readonly Channel[] {
  const { SALLYPORT_WEBHOOK_URL: webhook, SALLYPORT_WEBHOOK_SECRET: secret, SALLYPORT_SLACK_URL: slack } = env
  return [
    ...(webhook !== undefined && secret !== undefined ? [webhookChannel(new URL(webhook), secret, post, now)] : []),
    ...(slack !== undefined ? [slackChannel(new URL(slack), post)] : []),
  ]
}

function webhookChannel(url: URL, secret: string, post: Post, now: () => number): Channel {
  return {
    name: 'webhook',
    wants: () => true,
    send(notice) {
      const body = JSON.stringify(notice)
      const names = { 'x-sallyport-event': notice.event, 'x-sallyport-delivery': notice.id }
      return post(url, { ...JSON_BODY, ...names, ...signatureHeaders(secret, body, now()) }, body)
    },
  }
}

function slackChannel(url: URL, post: Post): Channel {
  return {
    name: 'slack',
    wants: (kind) => kind === 'review.opened',
    send: (notice) => post(url, JSON_BODY, JSON.stringify({ text: slackText(notice) })),
  }
}
