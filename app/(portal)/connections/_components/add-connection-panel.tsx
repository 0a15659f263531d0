import type { Context } from '#lib/services/context'
import { SidePanel } from '#ui/side-panel'
import { knownGroups } from '../../people/_components/known-groups'
import { ConnectionForm } from './connection-form'
import { EMPTY_FORM } from './form-values'

/** A new connection, beside the list it will stand in. */
export async function AddConnectionPanel({ ctx, closeHref }: { ctx: Context; closeHref: string }) {
  return (
    <SidePanel
      icon="plug"
      title="Add connection"
      closeHref={closeHref}
      about="It is tested step by step as soon as it is added."
    >
      <ConnectionForm editing={null} initial={EMPTY_FORM} groups={await knownGroups(ctx)} backHref={closeHref} />
    </SidePanel>
  )
}
