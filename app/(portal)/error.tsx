'use client'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'

/** A page that could not be made. The frame around it stays. */
export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="p-5 max-phone:p-4">
      <h1 className="sr-only">Something went wrong</h1>
      <Callout kind="denied" title="This page could not be read." className="max-w-2xl">
        Nothing was changed. What runs through the gateway goes on without the portal.
        {error.digest ? (
          <>
            {' '}
            The log knows it as <code>{error.digest}</code>.
          </>
        ) : null}
        <div className="mt-2">
          <Button onClick={reset}>Try again</Button>
        </div>
      </Callout>
    </div>
  )
}
