/** Numbers of a lane, oldest first, drawn between `top` and `base` on a scale of its own. */
export interface LaneShape {
  readonly values: readonly number[]
  readonly width: number
  readonly top: number
  readonly base: number
}

const one = (value: number) => String(Math.round(value * 10) / 10)

/** Height of every value; something that happened at all is at least `least` high. */
export function heights({ values, top, base }: LaneShape, least: number): readonly number[] {
  const max = Math.max(...values, 1)
  return values.map((value) => (value === 0 ? 0 : Math.max(least, (value / max) * (base - top))))
}

/** The steps of an area's upper edge as an SVG path, from the left end of the base line to the right. */
export function stepsPath(shape: LaneShape): string {
  const step = shape.width / shape.values.length
  const parts = heights(shape, 1).map((height, index) => {
    const y = one(shape.base - height)
    return `V${y}H${one((index + 1) * step)}`
  })
  return `M0 ${one(shape.base)}${parts.join('')}`
}

export interface Bar {
  readonly index: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One bar for each value that is not nothing. */
export function bars(shape: LaneShape): readonly Bar[] {
  const step = shape.width / shape.values.length
  return heights(shape, 3).flatMap((height, index) =>
    height === 0 ? [] : [{ index, x: index * step, y: shape.base - height, width: step * 0.74, height }],
  )
}
