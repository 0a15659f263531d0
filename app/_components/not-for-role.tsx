import Link from 'next/link'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'

/** A page that the reader's roles do not reach: says whose it is, and leads back. */
export function NotForRole({ children }: { children: string }) {
  return (
    <Empty
      title="Not for your role"
      className="m-5 max-phone:m-4"
      action={
        <Button asChild>
          <Link href="/overview">Back to overview</Link>
        </Button>
      }
    >
      {children}
    </Empty>
  )
}
