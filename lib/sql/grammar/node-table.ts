import { COMMAND_NODES } from './command-nodes'
import { QUERY_NODES } from './query-nodes'

/** Field name → type of the node it holds where the parser nests it without its type; '' where the value tells by itself. */
export type FieldTable = ReadonlyMap<string, string>

/**
 * Every node type that the grammar of libpg-query (PostgreSQL 18) can give, with all its fields: `Type field field:NodeType …`, one
 * a line, continued by indentation. What is not in this table is not known, and makes a statement opaque.
 */
function readTable(text: string): ReadonlyMap<string, FieldTable> {
  const table = new Map<string, FieldTable>()
  for (const line of text.replaceAll('\n  ', ' ').split('\n')) {
    const [type, ...fields] = line.split(' ')
    if (!type) continue
    table.set(type, new Map(fields.map((field) => splitField(field))))
  }
  return table
}

function splitField(field: string): [string, string] {
  const [name = '', type = ''] = field.split(':')
  return [name, type]
}

export const NODE_TABLE: ReadonlyMap<string, FieldTable> = readTable(QUERY_NODES + COMMAND_NODES)
