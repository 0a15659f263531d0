import Link from 'next/link'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'

export default function NotFound() {
  return (
    <div className="p-5 max-phone:p-4">
      <h1 className="sr-only">Not found</h1>
      <Empty
        title="There is nothing here"
        action={
          <Button asChild>
            <Link href="/overview">Back to overview</Link>
          </Button>
        }
      >
        The address is wrong, or what it names is not for you to see.
      </Empty>
    </div>
  )
}
