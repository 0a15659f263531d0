import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readEnv } from '../config/env'
import { reviewNotices } from '../db/schema/notices'
import { SallyportError } from '../domain/errors'
import type { ReviewId } from '../domain/ids'
import { closeReviews } from '../services/gateway/close-reviews'
import { claimNotices, forgetOldNotices, settleNotice } from '../services/notifications/outbox'
import { readNotifications } from '../services/notifications/read'
import { approveReview } from '../services/reviews/approve'
import { rejectReview } from '../services/reviews/reject'
import { age, type HeldWorld, holdOperations } from '../services/testing/held'
import { createWorld, type World } from '../services/testing/world'
import { type Channel, channelsOf } from './channels'
import type { NoticeBody } from './message'
import { sendNotices } from './sender'

let world: World
let held: HeldWorld
let sent: NoticeBody[]
let broken: boolean
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  held = await holdOperations(world)
  await world.store.owner.db.delete(reviewNotices)
  sent = []
  broken = false
})
afterAll(() => world.close())

const channel = (name: Channel['name'] = 'webhook'): Channel => ({
  name,
  wants: () => true,
  async send(body) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (broken) throw new SallyportError('target_unreachable', 'it answered 500')
    sent.push(body)
  },
})
const send = (channels: Channel[] = [channel()]) =>
  sendNotices({ ctx: world.system, channels, reviewUrl: (id) => `https://gate.example/inbox?open=${id}` })
const notices = (id: ReviewId) =>
  world.store.owner.db.select().from(reviewNotices).where(eq(reviewNotices.reviewId, id))
/** Makes everything due now. */
const due = () => world.store.owner.db.update(reviewNotices).set({ dueAt: new Date(0) })

describe('others are told', () => {
  it('that a review waits, and what became of it, each once, whoever of several portals sends', async () => {
    const id = await held.hold({ said: 'x' })
    await Promise.all([send(), send(), send()])
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      event: 'review.opened',
      review: {
        ...{ id, url: `https://gate.example/inbox?open=${id}`, state: 'pending', human: { name: 'engineer' } },
        ...{ run: 'nightly', kinds: ['delete'], writes: ['orders'], demands: [{ group: 'role:approver', quorum: 1 }] },
      },
    })
    await rejectReview({ ctx: world.as.approver, input: { id, reason: 'no' } })
    await send()
    await send()
    expect(sent.map(({ event }) => event)).toEqual(['review.opened', 'review.rejected'])
    expect(sent[1]?.review).toMatchObject({
      state: 'rejected',
      reason: 'no',
      votes: [{ voter: 'approver', decision: 'reject' }],
    })
  })

  it('nothing of the command itself', async () => {
    await held.hold({
      subject: held.subject({ text: "delete from t where a = 'canary'", binds: [{ text: 'canary' }] }),
    })
    await send()
    expect(JSON.stringify(sent)).not.toContain('canary')
  })

  it('not to come when there is nothing left to decide', async () => {
    const id = await held.hold()
    await approveReview({ ctx: world.as.approver, input: { id } })
    const late = await held.hold()
    await age(world.store, 15)
    await send()
    expect(sent.map(({ event }) => event)).toEqual(['review.approved'])
    expect((await notices(late))[0]?.doneAt).not.toBeNull()
  })

  it('again when it failed, later each time, only those who do not have it, and not for ever', async () => {
    const id = await held.hold()
    broken = true
    await send([channel(), { ...channel('slack'), send: async (body) => void sent.push(body) }])
    const [row] = await notices(id)
    expect(row).toMatchObject({ attempts: 1, sentTo: ['slack'], doneAt: null, lastError: 'webhook: it answered 500' })
    const waitMs = (row?.dueAt.getTime() ?? 0) - Date.now()
    expect(waitMs).toBeGreaterThan(1_000)
    expect(waitMs).toBeLessThan(6_000)
    await send()
    expect((await notices(id))[0]?.attempts).toBe(1)
    for (let attempt = 0; attempt < 11; attempt++) {
      await due()
      await send()
    }
    expect((await notices(id))[0]).toMatchObject({ attempts: 12, doneAt: expect.any(Date) })
    expect(await readNotifications({ ctx: world.as.auditor, input: {} })).toMatchObject({
      ...{ waiting: 0, failed: 1, lastError: 'webhook: it answered 500' },
    })
    broken = false
    await due()
    await send()
    expect(sent).toHaveLength(1)
  })

  it('by another portal when one died with it', async () => {
    const id = await held.hold()
    expect(await claimNotices(world.system)).toHaveLength(1)
    await send()
    expect(sent).toEqual([])
    await due()
    await send()
    expect(sent).toMatchObject([{ review: { id } }])
  })

  it('never, without settings, and nothing piles up', async () => {
    const id = await held.hold()
    await send([])
    expect((await notices(id))[0]?.doneAt).not.toBeNull()
    await world.store.owner.sql`update review_notices set done_at = now() - interval '8 days'`
    await forgetOldNotices(world.system)
    expect(await notices(id)).toEqual([])
  })

  it('whatever becomes of telling: a review never waits for it', async () => {
    broken = true
    const id = await held.hold()
    await send()
    expect(await closeReviews(held.proxy, { reviewIds: [id], why: 'client-gone' })).toEqual([id])
  })

  it('by Sallyport alone', async () => {
    const forbidden = expect.objectContaining({ code: 'forbidden' })
    for (const ctx of [world.as.admin, world.operator]) {
      await expect(claimNotices(ctx)).rejects.toEqual(forbidden)
      await expect(settleNotice(ctx, 'ntc_x', { sentTo: [], error: null })).rejects.toEqual(forbidden)
      await expect(forgetOldNotices(ctx)).rejects.toEqual(forbidden)
    }
    await expect(readNotifications({ ctx: world.as.engineer, input: {} })).rejects.toEqual(forbidden)
  })
})

describe('the channels', () => {
  const posted: { url: string; headers: Readonly<Record<string, string>>; body: string }[] = []
  const channels = (source: Record<string, string>) =>
    channelsOf(
      readEnv(source),
      async (url, headers, body) => void posted.push({ url: url.href, headers, body }),
      () => 1e12,
    )
  const SECRET = 'sixteen characters'

  it('are those that are set, a webhook only with its secret', () => {
    const webhook = { SALLYPORT_WEBHOOK_URL: 'https://hooks.example/x', SALLYPORT_WEBHOOK_SECRET: SECRET }
    const slack = { SALLYPORT_SLACK_URL: 'https://hooks.slack.com/services/x' }
    expect(channels({})).toEqual([])
    expect(channels({ ...webhook, ...slack }).map(({ name }) => name)).toEqual(['webhook', 'slack'])
    const wrongs: Record<string, string>[] = [
      { SALLYPORT_WEBHOOK_URL: 'https://hooks.example/x' },
      { SALLYPORT_WEBHOOK_SECRET: SECRET },
      { ...webhook, SALLYPORT_WEBHOOK_SECRET: 'short' },
      { ...webhook, SALLYPORT_WEBHOOK_URL: 'file:///etc/passwd' },
      { SALLYPORT_SLACK_URL: 'http://hooks.slack.com/x' },
    ]
    for (const wrong of wrongs) expect(() => channels(wrong), JSON.stringify(wrong)).toThrow(SallyportError)
  })

  it('get a signed body, and a message in which no name mentions anybody or links anywhere', async () => {
    const id = await held.hold({
      demands: [{ policy: 'p', group: '<!channel>', quorum: 1, reason: '<http://evil|click> *now*\u202e' }],
    })
    await send()
    const [body] = sent
    if (body === undefined) throw new Error('nothing was sent')
    for (const one of channels({
      ...{ SALLYPORT_WEBHOOK_URL: 'https://hooks.example/x', SALLYPORT_WEBHOOK_SECRET: SECRET },
      SALLYPORT_SLACK_URL: 'https://hooks.slack.com/services/x',
    }))
      await one.send(body)
    const [webhook, slack] = posted
    expect(webhook?.headers).toMatchObject({
      ...{
        'x-sallyport-event': 'review.opened',
        'x-sallyport-delivery': body.id,
        'x-sallyport-timestamp': '1000000000',
      },
      'x-sallyport-signature': expect.stringMatching(/^v1=[0-9a-f]{64}$/),
    })
    expect(JSON.parse(webhook?.body ?? '')).toEqual(body)
    const { text } = JSON.parse(slack?.body ?? '') as { text: string }
    expect(text.match(/<[^>]*>/g)).toEqual([`<https://gate.example/inbox?open=${id}|Decide in Sallyport>`])
    expect(text).toContain('&lt;!channel&gt;')
    expect(text).not.toContain('\u202e')
    expect(JSON.stringify(posted)).not.toContain(SECRET)
  })
})
