'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/dialog'
import { revokeHere } from '../actions'

/** Ends a grant: from then on the statement is held again. */
export function RevokeGrant({ id, who }: { id: string; who: string }) {
  const [asking, setAsking] = useState(false)
  const router = useRouter()
  const revoke = async () => {
    const result = await revokeHere(id)
    if (!result.ok) return { error: result.message }
    router.refresh()
    return undefined
  }
  return (
    <>
      <p className="mb-2 text-sm text-fg-2">What is sent from then on is held again. What runs already runs on.</p>
      <Button look="danger" onClick={() => setAsking(true)}>
        Revoke grant
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Revoke this grant?"
        about={`The next such statement of ${who} is held again, and asks for approval.`}
        confirm="Revoke grant"
        danger
        action={revoke}
      />
    </>
  )
}
