import { memo } from 'react'
import { cn } from '../../../_components/cn'
import type { ExactLine, ExactPiece, ExactUnit } from '../../../_components/exact/exact-text'

/** Every line of a text, whole. Units carry their number, so that what was on the screen can be counted. */
export const ExactBody = memo(function ExactBody({ lines }: { lines: readonly ExactLine[] }) {
  return (
    <pre>
      {lines.map((line) => (
        <span key={line.number} className={cn('line', line.flagged && 'flagged')}>
          <Units units={line.units} firstUnit={0} />
        </span>
      ))}
    </pre>
  )
})

/** The same without numbers: a bound value. */
export const ExactValue = memo(function ExactValue({
  lines,
  firstUnit,
}: {
  lines: readonly ExactLine[]
  firstUnit: number
}) {
  return lines.map((line) => (
    <span key={line.number} className={cn('block min-h-5', line.flagged && 'is-held bg-state-bg')}>
      <Units units={line.units} firstUnit={firstUnit} />
    </span>
  ))
})

function Units({ units, firstUnit }: { units: readonly ExactUnit[]; firstUnit: number }) {
  return units.map((unit) => (
    <span key={unit.index} data-unit={firstUnit + unit.index} className="scroll-mt-2">
      {unit.pieces.map((piece) => (
        <Piece key={piece.at} piece={piece} />
      ))}
    </span>
  ))
}

function Piece({ piece }: { piece: ExactPiece }) {
  if (piece.kind === 'flag')
    return (
      <span className="unseen" title={piece.name}>
        {piece.code}
      </span>
    )
  if (piece.kind === 'plain') return piece.text
  return <span className={`sql-${piece.kind}`}>{piece.text}</span>
}
