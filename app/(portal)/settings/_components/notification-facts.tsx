import type { Env } from '#lib/config/env'
import type { NotificationState } from '#lib/services/notifications/read'
import { Callout } from '#ui/callout'
import { DefinitionList } from '#ui/definition-list'
import { RelativeTime } from '#ui/relative-time'
import { State } from '#ui/state'
import { counted } from '../../../_components/numbers'

interface NotificationFactsProps {
  state: NotificationState
  env: Env
  now: number
}

/** Which channels are set, and how telling them goes. */
export function NotificationFacts({ state, env, now }: NotificationFactsProps) {
  const webhook = env.SALLYPORT_WEBHOOK_URL !== undefined
  const slack = env.SALLYPORT_SLACK_URL !== undefined
  return (
    <>
      {state.failed > 0 && (webhook || slack) ? (
        <Callout kind="denied" title={`${counted(state.failed, 'notice')} could not be sent.`} className="mb-3">
          {state.lastError} The reviews themselves are in the inbox all the same.
        </Callout>
      ) : null}
      <DefinitionList
        items={[
          ['Webhook, signed', <Channel key="webhook" on={webhook} setting="SALLYPORT_WEBHOOK_URL and _SECRET" />],
          ['Slack', <Channel key="slack" on={slack} setting="SALLYPORT_SLACK_URL" />],
          (webhook || slack) && [
            'Last sent',
            state.lastSentAt === null ? 'nothing yet' : <RelativeTime key="sent" at={state.lastSentAt} now={now} />,
          ],
          (webhook || slack) && ['Waiting', state.waiting === 0 ? 'nothing' : counted(state.waiting, 'notice')],
        ]}
      />
    </>
  )
}

function Channel({ on, setting }: { on: boolean; setting: string }) {
  if (on) return <State kind="allowed">On</State>
  return (
    <span className="text-fg-2">
      off; set <code>{setting}</code>
    </span>
  )
}
