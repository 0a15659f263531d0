'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { PrincipalItem } from '#lib/services/principals/principal-item'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/dialog'
import { letIn, shutOut } from '../actions'

/** Disable or enable, with what that does said before. */
export function PrincipalSwitch({ item }: { item: PrincipalItem }) {
  const [asking, setAsking] = useState(false)
  const router = useRouter()
  const disabled = item.state === 'disabled'
  const person = item.kind === 'person'
  const action = async () => {
    const result = await (disabled ? letIn(item.id) : shutOut(item.id))
    if (!result.ok) return { error: result.message }
    router.refresh()
    return undefined
  }
  return (
    <>
      <p className="mb-2 text-sm text-fg-2">
        {disabled
          ? 'Tokens stay revoked; it needs new ones.'
          : person
            ? 'Ends their sign-ins, revokes their tokens and those of agents they answer for, and ends live sessions within 5 s.'
            : 'Revokes its tokens and ends its live sessions within 5 s.'}
      </p>
      <Button look={disabled ? 'plain' : 'danger'} onClick={() => setAsking(true)}>
        {disabled ? `Enable ${item.name}` : `Disable ${item.name}`}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={disabled ? `Enable ${item.name}?` : `Disable ${item.name}?`}
        about={
          disabled
            ? `${person ? 'They may sign in' : 'It may connect'} again. Old tokens stay revoked.`
            : `${consequences(item)} This can be undone, revoked tokens cannot.`
        }
        confirm={disabled ? 'Enable' : 'Disable'}
        {...(disabled ? {} : { danger: true as const })}
        action={action}
      />
    </>
  )
}

function consequences(item: PrincipalItem): string {
  const tokens = item.activeTokens === 1 ? '1 active token is' : `${item.activeTokens} active tokens are`
  const live = item.liveSessions === 1 ? '1 live session ends' : `${item.liveSessions} live sessions end`
  return `${tokens} revoked at once and ${live} within 5 s.`
}
