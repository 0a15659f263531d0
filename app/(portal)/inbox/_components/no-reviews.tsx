import Link from 'next/link'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { countFilters, type InboxParams } from './inbox-params'

interface NoReviewsProps {
  params: InboxParams
  /** Something was held before, as far as the reader may see. */
  ever: boolean
  mayDecide: boolean
}

/** Nothing waits, nothing matches, or nothing was ever held. */
export function NoReviews({ params, ever, mayDecide }: NoReviewsProps) {
  if (params.tab === 'decided' && countFilters(params) > 0)
    return (
      <Empty
        title="Nothing matches"
        className="m-4"
        action={
          <Button asChild>
            <Link href="/inbox?tab=decided">
              {countFilters(params) === 1 ? 'Clear the filter' : 'Clear the filters'}
            </Link>
          </Button>
        }
      >
        No decided review fits.
      </Empty>
    )
  if (params.tab === 'mine')
    return (
      <Empty title="You asked for nothing" className="m-4">
        What policy holds of your own commands, and of agents you answer for, stands here with its outcome.
      </Empty>
    )
  if (ever)
    return (
      <Empty title={params.tab === 'open' ? 'Nothing waits' : 'Nothing decided yet'} className="m-4">
        {mayDecide ? 'A command that is held appears here at once.' : 'What is held of yours appears here at once.'}
      </Empty>
    )
  return (
    <Empty
      title="Nothing was held yet"
      className="m-4"
      action={
        <Button asChild>
          <Link href="/policies">See what policies hold</Link>
        </Button>
      }
    >
      When a policy holds a command, it waits here until somebody approves or rejects it, and the client waits with it.
      Under the starter set, an agent’s <code>DROP TABLE</code> does.
    </Empty>
  )
}
