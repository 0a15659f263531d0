import type { ReactNode } from 'react'
import { cn } from '../cn'
import { splitUnseen } from '../unseen'
import { CopyButton } from './copy'

/** Text in which invisible and bidirectional characters are spelled out instead of being obeyed. */
export function Exact({ text }: { text: string }) {
  return splitUnseen(text).map((piece) =>
    piece.code === null ? (
      piece.text
    ) : (
      <span key={piece.at} className="unseen" title={piece.name}>
        {piece.code}
      </span>
    ),
  )
}

interface BytesProps {
  text: string
  /** Facts about these bytes: length, hash, how they travelled. */
  footer?: ReactNode
  className?: string
}

/** Exactly what was sent, line by line. Lines with characters nobody can see are flagged. */
export function Bytes({ text, footer, className }: BytesProps) {
  const lines = text.split('\n')
  return (
    <div className={cn('bytes wrap overflow-hidden rounded-2 border bg-code', className)}>
      <pre>
        {lines.map((line, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            key={index}
            className={cn('line', splitUnseen(line).some((piece) => piece.code !== null) && 'flagged')}
          >
            <Exact text={line} />
          </span>
        ))}
      </pre>
      {footer ? (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t bg-panel px-3 py-1.5 text-xs text-fg-3">
          {footer}
        </div>
      ) : null}
    </div>
  )
}

/** Something to paste into a terminal or an editor. */
export function Snippet({ text, label }: { text: string; label: string }) {
  return (
    <div className="relative overflow-hidden rounded-2 border bg-code">
      <pre className="overflow-x-auto p-3 pr-10 text-sm leading-code [overflow-wrap:anywhere] whitespace-pre-wrap">
        {text}
      </pre>
      <span className="absolute top-1 right-1">
        <CopyButton text={text} label={label} />
      </span>
    </div>
  )
}
