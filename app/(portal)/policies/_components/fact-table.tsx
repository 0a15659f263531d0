import type { ReactNode } from 'react'
import type { ExplainedDecision } from '#lib/services/policies/explain'
import { Exact } from '#ui/code'
import { Table, Td, Th } from '#ui/table'

type Facts = ExplainedDecision['facts']

const STANDING: Readonly<Record<Facts['standing'], string>> = {
  clear: 'clear: all it does is known',
  opaque: 'opaque: it runs code whose effects are not known',
  unparsed: 'unparsed: the grammar does not understand it',
}

/** Lists of facts, by the names that policies use, with what they are. */
const LISTS = [
  ['kinds', 'Kinds of statements'],
  ['writes', 'Writes to'],
  ['reads', 'Reads from'],
  ['columns', 'Columns it names'],
  ['functions', 'Functions it calls'],
  ['unknownFunctions', 'of them unknown'],
  ['unfiltered', 'Without a WHERE'],
  ['objects', 'Kinds of objects'],
  ['settings', 'Settings it touches'],
] as const satisfies readonly (readonly [keyof Facts, string])[]

/** What policies decide by, under the names they use for it. */
export function FactTable({ facts, because }: { facts: Facts; because: readonly string[] }) {
  return (
    <div className="overflow-hidden rounded-2 border">
      <Table aria-label="Facts">
        <thead>
          <tr>
            <Th>Fact</Th>
            <Th className="w-full">Value</Th>
          </tr>
        </thead>
        <tbody className="[&_td]:h-7! [&_td]:py-1! [&_td]:align-top [&_tr:last-child_td]:border-b-0">
          <Fact name="standing" words="Standing">
            {STANDING[facts.standing]}
            {because.map((reason) => (
              <span key={reason} className="block text-fg-2">
                {reason}
              </span>
            ))}
          </Fact>
          <Fact name="readOnly" words="Only reads">
            {facts.readOnly ? 'yes, it changes nothing' : 'no, or not known'}
          </Fact>
          <Fact name="statements" words="Statements">
            {String(facts.statements)}
          </Fact>
          {LISTS.map(([name, words]) => (
            <Fact key={name} name={name} words={words}>
              {facts[name].length === 0 ? (
                <span className="text-fg-3">none</span>
              ) : (
                <span className="mono">
                  <Exact text={facts[name].join(', ')} />
                </span>
              )}
            </Fact>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function Fact({ name, words, children }: { name: string; words: string; children: ReactNode }) {
  return (
    <tr>
      <Td className="leading-[1.35]">
        {words}
        <span className="block font-mono text-xs text-fg-3">sql.{name}</span>
      </Td>
      <Td className="whitespace-normal! [overflow-wrap:anywhere]">{children}</Td>
    </tr>
  )
}
