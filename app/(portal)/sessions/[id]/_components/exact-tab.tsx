import type { StatementDetail } from '#lib/services/sessions/read-statement'
import { Callout } from '#ui/callout'
import { Bytes, Exact } from '#ui/code'
import { Table, Td, Th } from '#ui/table'
import { bytes, counted } from '../../../../_components/numbers'
import { countUnseen } from '../../../../_components/unseen'

const encoder = new TextEncoder()

/** The statement as it was sent, character by character, and what was bound to it. */
export function ExactTab({ statement }: { statement: StatementDetail }) {
  const binary = statement.encoding === 'base64'
  const unseen = binary ? 0 : countUnseen(statement.text)
  const size = binary
    ? Math.floor((statement.text.replace(/=+$/, '').length * 3) / 4)
    : encoder.encode(statement.text).length
  return (
    <div className="grid gap-3 px-5 py-4 max-phone:px-4">
      {unseen > 0 ? (
        <Callout kind="held" title={`${counted(unseen, 'character')} that cannot be seen.`}>
          Each is spelled out below, on a flagged line.
        </Callout>
      ) : null}
      {binary ? (
        <Callout kind="held" title="These bytes are not UTF-8.">
          They are shown in base64.
        </Callout>
      ) : null}
      <Bytes
        text={statement.text}
        footer={
          <>
            <span>
              {bytes(size)}
              {binary ? '' : ', UTF-8'}
            </span>
            <span>{protocolWords(statement)}</span>
          </>
        }
      />
      {statement.values.length > 0 ? <Binds values={statement.values} /> : null}
    </div>
  )
}

function protocolWords({ type, statement, portal, maxRows }: StatementDetail): string {
  const words = [type === 'query' ? 'simple protocol' : 'extended protocol']
  if (statement) words.push(`prepared as ${statement}`)
  if (portal) words.push(`portal ${portal}`)
  if (maxRows) words.push(`at most ${counted(maxRows, 'row')}`)
  return words.join(', ')
}

type Value = StatementDetail['values'][number]

function Binds({ values }: { values: readonly Value[] }) {
  return (
    <div className="overflow-x-auto rounded-2 border">
      <Table aria-label="Bound values">
        <thead>
          <tr>
            <Th className="w-16">Bind</Th>
            <Th className="w-24">Size</Th>
            <Th>Value</Th>
          </tr>
        </thead>
        <tbody className="[&_tr:last-child_td]:border-b-0">
          {values.map((value, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bind is its number
            <tr key={index}>
              <Td className="mono h-7!">${index + 1}</Td>
              <Td className="h-7! text-fg-2">
                {value === null ? <span className="text-fg-3">none</span> : bytes(value.bytes)}
              </Td>
              <Td className="mono h-7! whitespace-pre-wrap! [overflow-wrap:anywhere]">
                <BoundValue value={value} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function BoundValue({ value }: { value: Value }) {
  if (value === null) return <span className="text-fg-3 italic">NULL</span>
  if (value.text === '') return <span className="font-sans text-fg-3">empty</span>
  return (
    <>
      {value.form === 'hex' ? `\\x${value.text}` : <Exact text={value.text} />}
      {value.cut ? <span className="ml-1.5 font-sans text-fg-3">… the export has all of it</span> : null}
    </>
  )
}
