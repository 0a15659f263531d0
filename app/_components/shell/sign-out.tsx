'use client'
import { signOutHere } from '../../(auth)/actions'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'

export function SignOutButton() {
  return (
    <form action={signOutHere}>
      <Button type="submit" look="bare" size="icon" aria-label="Sign out" title="Sign out">
        <Icon name="logout" />
      </Button>
    </form>
  )
}
