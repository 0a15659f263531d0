import { listConnections } from '#lib/services/connections/list'
import type { Context } from '#lib/services/context'
import { SidePanel } from '#ui/side-panel'
import { postgresGateway } from '../../connections/_components/gateway'
import { snippetUser } from '../../connections/_components/snippets'
import { tokenHolders } from '../../connections/_components/token-holders'
import { MintForm } from './mint-form'

interface MintPanelProps {
  ctx: Context
  /** Id of the agent or service it is for; anything else means the reader. */
  holderId: string
  closeHref: string
}

/** A new token, beside the list it will stand in. */
export async function MintPanel({ ctx, holderId, closeHref }: MintPanelProps) {
  const [holders, connections] = await Promise.all([
    tokenHolders(ctx),
    listConnections({ ctx, input: { state: 'active', limit: 200 } }),
  ])
  return (
    <SidePanel
      icon="key"
      title="Mint a token"
      closeHref={closeHref}
      about="Clients send it as their password. It is shown once and kept only as a hash."
    >
      <MintForm
        key={holderId}
        holders={holders}
        initialHolder={holderId}
        connections={connections.items.map(({ name, access }) => ({ name, access }))}
        gateway={postgresGateway()}
        myUser={snippetUser(ctx.actor.principal.email ?? ctx.actor.principal.name)}
        closeHref={closeHref}
      />
    </SidePanel>
  )
}
