import Link from 'next/link'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { SidePanel } from '#ui/side-panel'

/** What the address names does not exist, or not for this reader: the two are not told apart. */
export function MissingPanel({ what, closeHref }: { what: string; closeHref: string }) {
  return (
    <SidePanel icon="search" title="Not found" closeHref={closeHref}>
      <Empty
        title={`There is no such ${what}`}
        className="m-4"
        action={
          <Button asChild>
            <Link href={closeHref} scroll={false}>
              Close
            </Link>
          </Button>
        }
      >
        It may have been deleted, or your roles do not reach it.
      </Empty>
    </SidePanel>
  )
}
