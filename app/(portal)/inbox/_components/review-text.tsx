import type { Ref } from 'react'
import { Callout } from '#ui/callout'
import { Icon } from '#ui/icon'
import { Checkbox } from '#ui/input'
import { Section } from '#ui/section'
import { bytes, counted, grouped } from '../../../_components/numbers'
import { Binds } from './binds'
import { ExactBody } from './exact-body'
import type { PlacedFlag, ReviewMaterial } from './review-material'
import type { ReviewView } from './review-view'

export interface ReadingState {
  /** Lines and bound values that have been on the screen; all of them. */
  readonly seen: number
  readonly all: number
  readonly acknowledged: boolean
  onAcknowledge(yes: boolean): void
  readonly acknowledgeRef: Ref<HTMLInputElement>
}

interface ReviewTextProps {
  review: ReviewView
  material: ReviewMaterial
  /** null for whoever decides nothing here. */
  reading: ReadingState | null
}

/** Exactly what will run, all of it, and what is bound to it. */
export function ReviewText({ review, material, reading }: ReviewTextProps) {
  return (
    <Section
      title={review.state === 'pending' ? 'Exactly what will run' : 'Exactly what was asked'}
      end={reading ? <SeenWords reading={reading} /> : null}
    >
      <div className="grid gap-2">
        {review.encoding === 'base64' ? (
          <Callout kind="held" title="These bytes are not UTF-8.">
            What is no ASCII is written out as \x80, a backslash as \\.
          </Callout>
        ) : null}
        <Flags flags={material.flags} reading={reading} />
        <div className="bytes wrap overflow-hidden rounded-2 border bg-code">
          <ExactBody lines={material.text.lines} />
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t bg-panel px-3 py-1.5 text-xs text-fg-3">
            <span>
              {bytes(material.text.bytes)}
              {review.encoding === 'utf8' ? ', UTF-8' : ''}
            </span>
            <span title={`SHA-256 of everything the approval is bound to: ${review.digest}`}>
              SHA-256{' '}
              <span className="font-mono">
                {review.digest.slice(0, 8)}…{review.digest.slice(-4)}
              </span>
            </span>
            <span>{protocolWords(review)}</span>
          </div>
        </div>
        {material.binds.length > 0 ? <Binds binds={material.binds} /> : null}
      </div>
    </Section>
  )
}

function SeenWords({ reading: { seen, all } }: { reading: ReadingState }) {
  if (seen < all) return `${grouped(seen)} of ${counted(all, 'line')} seen`
  return (
    <>
      <Icon name="check" size="sm" />
      {all === 1 ? 'all of it seen' : `all ${grouped(all)} lines seen`}
    </>
  )
}

function Flags({ flags, reading }: { flags: readonly PlacedFlag[]; reading: ReadingState | null }) {
  const [first] = flags
  if (!first) return null
  const one = flags.length === 1
  return (
    <Callout
      kind="held"
      title={one ? `1 character needs a look, ${first.place}.` : `${grouped(flags.length)} characters need a look.`}
    >
      {one ? `${first.code} ${first.name}.` : flagList(flags)} Below it is spelled out; it is sent as it is.
      {reading ? (
        <Checkbox
          ref={reading.acknowledgeRef}
          className="mt-1.5 flex w-fit font-medium"
          checked={reading.acknowledged}
          onChange={(event) => reading.onAcknowledge(event.target.checked)}
        >
          {one ? 'I have seen the flagged character' : `I have seen all ${grouped(flags.length)} flagged characters`}
        </Checkbox>
      ) : null}
    </Callout>
  )
}

const NAMED = 4

function flagList(flags: readonly PlacedFlag[]): string {
  const named = flags.slice(0, NAMED).map(({ place, code, name }) => `${code} ${name} (${place})`)
  const more = flags.length - named.length
  return `${named.join('; ')}${more > 0 ? `; and ${grouped(more)} more` : ''}.`
}

function protocolWords({ type, maxRows }: ReviewView): string {
  const words = type === 'query' ? 'simple protocol' : 'extended protocol'
  return maxRows === null ? words : `${words}, at most ${counted(maxRows, 'row')}`
}
