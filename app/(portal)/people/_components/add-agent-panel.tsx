import type { Context } from '#lib/services/context'
import { SidePanel } from '#ui/side-panel'
import { AgentForm } from './agent-form'
import { knownGroups } from './known-groups'

/** A new agent or service, beside the list it will stand in. */
export async function AddAgentPanel({ ctx, closeHref }: { ctx: Context; closeHref: string }) {
  return (
    <SidePanel
      icon="agent"
      title="Add agent or service"
      closeHref={closeHref}
      about="It signs in with its own access tokens; a person answers for all it does."
    >
      <AgentForm
        item={null}
        groups={await knownGroups(ctx)}
        backHref={closeHref}
        myEmail={ctx.actor.principal.email ?? ''}
      />
    </SidePanel>
  )
}
