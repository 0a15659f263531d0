'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/dialog'
import { deleteHere } from '../actions'

/** Takes a document out of force, after asking. */
export function DeletePolicy({ name }: { name: string }) {
  const [asking, setAsking] = useState(false)
  const router = useRouter()
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        Delete policy
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Delete ${name}?`}
        about="It is out of force on every proxy within a second, and what it held is no longer held. All its versions are kept under Changes."
        confirm="Delete policy"
        danger
        action={async () => {
          const result = await deleteHere(name)
          if (!result.ok) return { error: result.message }
          router.push('/policies')
          return undefined
        }}
      />
    </>
  )
}
