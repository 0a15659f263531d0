import type { LaneMinute } from '#lib/services/overview/lanes'
import type { IconName } from '#ui/icon'
import { Section } from '#ui/section'
import { State, type StateKind, stateClass } from '#ui/state'
import { grouped } from '../../../_components/numbers'
import { clockTime } from '../../../_components/time'
import { bars, type LaneShape, stepsPath } from './lane-shapes'

const WIDTH = 720
const HEIGHT = 236

interface Lane {
  readonly kind: StateKind
  readonly icon: IconName
  readonly word: string
  readonly values: readonly number[]
  readonly top: number
  readonly base: number
  /** Where its label stands, from the top: literal classes, since the policy for styles allows no other. */
  readonly at: string
}

/** Statements of the last hour, one lane a verdict, so that three denials show beside forty thousand reads. */
export function Lanes({ minutes }: { minutes: readonly LaneMinute[] }) {
  const lanes: readonly Lane[] = [
    {
      kind: 'allowed',
      icon: 'check',
      word: 'Allowed',
      values: minutes.map(({ operations, refused, failed }) => Math.max(0, operations - refused - failed)),
      top: 4,
      base: 82,
      at: 'top-[48px]',
    },
    {
      kind: 'held',
      icon: 'held',
      word: 'Held',
      values: minutes.map(({ held }) => held),
      top: 104,
      base: 132,
      at: 'top-[98px]',
    },
    {
      kind: 'denied',
      icon: 'x',
      word: 'Failed',
      values: minutes.map(({ failed }) => failed),
      top: 155,
      base: 183,
      at: 'top-[149px]',
    },
    {
      kind: 'denied',
      icon: 'denied',
      word: 'Denied',
      values: minutes.map(({ refused }) => refused),
      top: 206,
      base: 234,
      at: 'top-[200px]',
    },
  ]
  return (
    <Section
      title="Statements by verdict"
      end={<span className="max-phone:hidden">last hour, each row on its own scale</span>}
    >
      <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 max-phone:grid-cols-[4.75rem_minmax(0,1fr)]">
        <div className="relative h-[236px]">
          {lanes.map((lane) => (
            <div key={lane.word} className={`absolute inset-x-0 leading-tight ${lane.at}`}>
              <State kind={lane.kind} icon={lane.icon}>
                {lane.word}
              </State>
              <b className="block font-strong">{grouped(sum(lane.values))}</b>
            </div>
          ))}
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="block h-[236px] w-full"
          role="img"
          aria-label={`Statements per minute over the last hour: ${lanes.map((lane) => `${grouped(sum(lane.values))} ${lane.word.toLowerCase()}`).join(', ')}`}
        >
          {lanes.map((lane) => (
            <LaneDrawing key={lane.word} lane={lane} />
          ))}
        </svg>
        <Axis minutes={minutes} />
      </div>
    </Section>
  )
}

function LaneDrawing({ lane }: { lane: Lane }) {
  const shape: LaneShape = { values: lane.values, width: WIDTH, top: lane.top, base: lane.base }
  return (
    <g className={stateClass(lane.kind)}>
      {lane.kind === 'allowed' ? (
        <>
          <path className="fill-state-bg" d={`${stepsPath(shape)}V${lane.base}z`} />
          <path
            className="fill-none stroke-state-mark stroke-[1.5]"
            d={stepsPath(shape)}
            vectorEffect="non-scaling-stroke"
          />
        </>
      ) : (
        bars(shape).map((bar) => (
          <rect
            key={bar.index}
            className="fill-state-mark"
            x={bar.x.toFixed(1)}
            y={bar.y.toFixed(1)}
            width={bar.width.toFixed(1)}
            height={bar.height.toFixed(1)}
            rx="1"
          />
        ))
      )}
      <line
        className="stroke-line"
        x1="0"
        x2={WIDTH}
        y1={lane.base + 0.5}
        y2={lane.base + 0.5}
        vectorEffect="non-scaling-stroke"
      />
    </g>
  )
}

function Axis({ minutes }: { minutes: readonly LaneMinute[] }) {
  const marks = minutes.filter((_, index) => index % 10 === 0).map(({ at }) => clockTime(at).slice(0, 5))
  return (
    <div className="col-start-2 flex justify-between pt-1 text-xs text-fg-3" aria-hidden="true">
      {marks.map((mark, index) => (
        <span key={mark} className={index % 2 === 1 ? 'max-phone:hidden' : ''}>
          {mark}
        </span>
      ))}
      <span>now</span>
    </div>
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
