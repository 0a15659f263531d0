import { cn } from '../../../_components/cn'
import { splitUnseen } from '../../../_components/unseen'
import { type CedarToken, cedarTokens } from './cedar-tokens'

/** Policies to read: numbered, coloured, with what cannot be seen spelled out. */
export function CedarText({ text, className }: { text: string; className?: string }) {
  const lines = text.replace(/\n$/, '').split('\n')
  return (
    <div className={cn('bytes wrap overflow-hidden rounded-2 border bg-code', className)}>
      <pre>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <span key={index} className="line">
            <CedarLine line={line} />
          </span>
        ))}
      </pre>
    </div>
  )
}

export function CedarLine({ line }: { line: string }) {
  return cedarTokens(line).map((token) => <Token key={token.from} token={token} line={line} />)
}

function Token({ token: { kind, from, to }, line }: { token: CedarToken; line: string }) {
  return (
    <span className={kind === 'plain' || kind === 'word' || kind === 'number' ? undefined : `cedar-${kind}`}>
      {splitUnseen(line.slice(from, to)).map((piece) =>
        piece.code === null ? (
          piece.text
        ) : (
          <span key={piece.at} className="unseen" title={piece.name}>
            {piece.code}
          </span>
        ),
      )}
    </span>
  )
}
