'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/dialog'
import { revokeAccessToken } from '../actions'

/** Ends a token; what hangs on it goes with it. */
export function RevokeButton({ id, title }: { id: string; title: string }) {
  const [asking, setAsking] = useState(false)
  const router = useRouter()
  const revoke = async () => {
    const result = await revokeAccessToken(id)
    if (!result.ok) return { error: result.message }
    router.refresh()
    return undefined
  }
  return (
    <>
      <p className="mb-2 text-sm text-fg-2">It stops working at once; sessions it opened end within 5 s.</p>
      <Button look="danger" onClick={() => setAsking(true)}>
        Revoke token
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke ${title}?`}
        about="Sessions it opened end within 5 s. This cannot be undone; a new token can be minted."
        confirm="Revoke token"
        danger
        action={revoke}
      />
    </>
  )
}
