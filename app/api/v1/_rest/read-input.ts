import { z } from 'zod'
import { SallyportError } from '#lib/domain/errors'
import type { Operation } from './operation'

const MAX_BODY_BYTES = 1024 * 1024

/** The operation's input: parameters of the path, and the query (GET, DELETE) or the JSON body. Whether it is right the verb says. */
export async function readInput(
  operation: Operation,
  request: Request,
  params: Record<string, string>,
): Promise<Record<string, unknown>> {
  const bodied = operation.method !== 'GET' && operation.method !== 'DELETE'
  const rest = bodied ? await readBody(request) : Object.fromEntries(readQuery(request))
  const doubled = Object.keys(params).find((name) => Object.hasOwn(rest, name))
  if (doubled !== undefined)
    throw new SallyportError('invalid_input', `${doubled}: is in the address already`, { field: doubled })
  const texts = bodied ? params : { ...rest, ...params }
  return { ...rest, ...typed(operation, texts as Record<string, string>) }
}

function readQuery(request: Request): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of new URL(request.url).searchParams) {
    if (found.has(name)) throw new SallyportError('invalid_input', `${name}: is given twice`, { field: name })
    found.set(name, value)
  }
  return found
}

/** Texts of an address, as the numbers and truth values that the schema has in their place. */
function typed(operation: Operation, texts: Readonly<Record<string, string>>): Record<string, unknown> {
  const properties = inputProperties(operation)
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const type = properties[name]?.type
      if ((type === 'integer' || type === 'number') && /^-?\d{1,17}$/.test(text)) return [name, Number(text)]
      if (type === 'boolean' && (text === 'true' || text === 'false')) return [name, text === 'true']
      return [name, text]
    }),
  )
}

export type JsonSchema = z.core.JSONSchema.BaseSchema

/** The members of an operation's input, as JSON Schema. */
export function inputProperties(operation: Operation): Readonly<Record<string, JsonSchema>> {
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' })
  return (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request, MAX_BODY_BYTES)
  if (text === '') return {}
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new SallyportError('invalid_input', 'The body must be application/json.')
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { ...value }
  } catch {
    // Said below.
  }
  throw new SallyportError('invalid_input', 'The body must be a JSON object.')
}

/** The body as text. Throws `too_large` as soon as it is. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (request.body === null) return ''
  const pieces: Uint8Array[] = []
  let bytes = 0
  const reader = request.body.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes += piece.value.length
    if (bytes > maxBytes) {
      await reader.cancel()
      throw new SallyportError('too_large', `The body may have ${maxBytes} bytes at most.`)
    }
    pieces.push(piece.value)
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}
