'use client'
import { type ReactNode, useState, useTransition } from 'react'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { RelativeTime } from '#ui/relative-time'
import { letCommandLineIn, turnCommandLineAway } from './actions'

interface DecisionProps {
  userCode: string
  /** Milliseconds since 1970, like `now`. */
  expiresAt: number
  now: number
  /** As whom the terminal will act. */
  who: ReactNode
}

/** Compare, then decide. Neither button has focus at first: nothing is approved by a single key. */
export function Decision({ userCode, expiresAt, now, who }: DecisionProps) {
  const [done, setDone] = useState<'approved' | 'denied'>()
  const [failure, setFailure] = useState<string>()
  const [busy, start] = useTransition()
  const decide = (verdict: 'approved' | 'denied') =>
    start(async () => {
      setFailure(undefined)
      const result = await (verdict === 'approved' ? letCommandLineIn(userCode) : turnCommandLineAway(userCode))
      if (result.ok) setDone(verdict)
      else setFailure(result.message)
    })
  if (done === 'approved')
    return (
      <Callout kind="allowed" title="The terminal is signed in.">
        It goes on by itself within seconds; you can close this page. The sign-in is listed under access tokens, where
        it can be revoked.
      </Callout>
    )
  if (done === 'denied')
    return (
      <Callout kind="plain" title="The terminal was turned away.">
        Nothing was given to it. If you did not start this, somebody may be trying to sign in as you: tell an admin.
      </Callout>
    )
  return (
    <div className="grid gap-5">
      <div className="rounded-2 border bg-code px-4 py-3 text-center">
        <output aria-label="Code" className="font-mono text-2xl font-strong tracking-[0.12em]">
          {userCode}
        </output>
        <p className="mt-0.5 text-sm text-fg-3">
          ends <RelativeTime at={expiresAt} now={now} />
        </p>
      </div>
      <div className="grid gap-2">
        <h2 className="text-sm font-strong">It will act as you, for 12 hours</h2>
        {who}
      </div>
      <Callout kind="held" title="Only if you started this just now.">
        The code must be the one in your own terminal. Nobody from Sallyport ever sends you one.
      </Callout>
      {failure ? (
        <Callout kind="denied" title="Nothing was decided.">
          {failure}
        </Callout>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" size="lg" disabled={busy} onClick={() => decide('approved')}>
          Sign this terminal in
        </Button>
        <Button size="lg" look="danger" disabled={busy} onClick={() => decide('denied')}>
          Turn it away
        </Button>
      </div>
    </div>
  )
}
