'use client'
import Link from 'next/link'
import { useEffect, useState, useTransition } from 'react'
import type { TestStep } from '#lib/domain/connection'
import type { TestId } from '#lib/domain/ids'
import type { TestItem } from '#lib/services/connections/connection-item'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Icon } from '#ui/icon'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { useLiveSignal } from '../../../_components/use-live'
import { runTest, watchTest } from '../actions'
import { diagnose, type Target } from './diagnosis'
import { TestSteps } from './test-steps'
import { failedStep, isLost } from './test-words'

interface TestSectionProps {
  connectionId: string
  test: TestItem | null
  /** Milliseconds since 1970; null when no secret is kept. */
  secretSetAt: number | null
  canRun: boolean
  /** Where the settings and the secret are changed; null for those who may not. */
  editHref: string | null
  target: Target
  now: number
}

/** The connection's test, live while it runs: each step appears as a proxy finishes it. */
export function TestSection({
  connectionId,
  test: initial,
  secretSetAt,
  canRun,
  editHref,
  target,
  now,
}: TestSectionProps) {
  const [test, setTest] = useState(initial)
  const [failure, setFailure] = useState<string>()
  const [busy, start] = useTransition()
  const lost = test !== null && isLost(test, now)
  const going = !lost && (test?.state === 'queued' || test?.state === 'running')
  const late = useLate(going && test.state === 'queued' ? test.id : null)
  const read = async (id: string) => {
    const result = await watchTest(id)
    if (result.ok) setTest(result.value)
    else setFailure(result.message)
  }
  useLiveSignal(going ? `test:${test.id as TestId}` : null, () => void read(test?.id ?? ''), 60)
  const run = () =>
    start(async () => {
      setFailure(undefined)
      const result = await runTest(connectionId)
      if (result.ok) await read(result.value.testId)
      else setFailure(result.message)
    })
  return (
    <Section
      title="Test"
      end={
        <>
          {test?.finishedAt ? <RelativeTime at={Date.parse(test.finishedAt)} now={now} /> : null}
          {canRun ? (
            <Button size="sm" disabled={busy || going} onClick={run}>
              {going ? 'Testing' : test ? 'Run again' : 'Run test'}
            </Button>
          ) : null}
        </>
      }
    >
      {test ? (
        <TestSteps steps={test.steps} going={going || undefined} />
      ) : (
        <p className="text-sm text-fg-2">
          Not tested yet.
          {canRun ? ' A test resolves, connects, signs in and runs SELECT 1.' : ' An admin can run the test.'}
        </p>
      )}
      {test && !test.current && !going ? (
        <p className="mt-2 text-sm text-fg-3">The connection was changed after this test.</p>
      ) : null}
      {late ? (
        <Callout kind="held" title="No proxy has taken this test yet." className="mt-2">
          It starts by itself as soon as one runs.
        </Callout>
      ) : null}
      {test?.state === 'failed' || lost ? (
        <Failure steps={test?.steps ?? []} target={target} secretSetAt={secretSetAt} editHref={editHref} now={now} />
      ) : null}
      {failure ? (
        <Callout kind="denied" title="The test did not start." className="mt-2">
          {failure}
        </Callout>
      ) : null}
    </Section>
  )
}

const LATE_MS = 4_000

/** True once the same test has waited for a while. null: nothing waits. */
function useLate(id: string | null): boolean {
  const [late, setLate] = useState<string>()
  useEffect(() => {
    if (id === null) return
    const timer = setTimeout(() => setLate(id), LATE_MS)
    return () => clearTimeout(timer)
  }, [id])
  return id !== null && late === id
}

interface FailureProps {
  steps: readonly TestStep[]
  target: Target
  secretSetAt: number | null
  editHref: string | null
  now: number
}

function Failure({ steps, target, secretSetAt, editHref, now }: FailureProps) {
  const failed = failedStep(steps)
  if (!failed)
    return (
      <Callout kind="denied" title="No proxy finished this test." className="mt-2">
        Nothing was learnt about the target. Check that the gateway runs, then run it again.
      </Callout>
    )
  const { title, advice, remedy } = diagnose(failed, target)
  return (
    <Callout kind="denied" title={title} className="mt-2">
      {advice}
      {remedy === 'secret' && secretSetAt !== null ? (
        <>
          {' '}
          The stored one was set <RelativeTime at={secretSetAt} now={now} />.
        </>
      ) : null}
      {failed.detail ? <p className="mono mt-1 text-fg-2">{failed.detail}</p> : null}
      {editHref === null ? (
        <p className="mt-1">Ask an admin: only they change connections.</p>
      ) : remedy === 'none' ? null : (
        <p className="mt-2">
          <Button asChild>
            <Link href={remedy === 'secret' ? `${editHref}#secret` : editHref} scroll={false}>
              <Icon name={remedy === 'secret' ? 'key' : 'edit'} size="sm" />
              {remedy === 'secret' ? 'Replace secret' : 'Edit settings'}
            </Link>
          </Button>
        </p>
      )}
    </Callout>
  )
}
