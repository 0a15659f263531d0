import { z } from 'zod'
import { allOperations } from '../_operations/all'
import { plainPaths } from './openapi-plain'
import type { Operation } from './operation'
import { inputProperties, type JsonSchema } from './read-input'

const PROBLEM = {
  description: 'A problem document (RFC 9457)',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail', 'code'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          code: { type: 'string' },
          field: { type: 'string' },
        },
      },
    },
  },
} as const

/** OpenAPI 3.1 of every operation; `server` is the public address of /api/v1. */
export function openApiDocument(server: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = { ...plainPaths(PROBLEM) }
  for (const operation of allOperations) {
    const path = paths[operation.path] ?? {}
    paths[operation.path] = path
    path[operation.method.toLowerCase()] = describe(operation)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sallyport', version: '1', description: 'Lists are paged by cursor. What you may not see is 404.' },
    servers: [{ url: server }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths,
  }
}

function describe(operation: Operation): Record<string, unknown> {
  const properties = inputProperties(operation)
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  const bodied = operation.method !== 'GET' && operation.method !== 'DELETE'
  const inQuery = bodied ? [] : Object.keys(properties).filter((name) => !inPath.includes(name))
  const body = bodied ? bodySchema(operation, inPath) : null
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.caller === 'nobody' && { security: [] }),
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: properties[name] ?? { type: 'string' } })),
      ...inQuery.map((name) => ({ name, in: 'query', required: false, schema: properties[name] })),
    ],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [operation.status]: {
        description: 'Done',
        content: { 'application/json': { schema: jsonSchema(operation.output, 'output') } },
      },
      default: PROBLEM,
    },
  }
}

/** The input without what stands in the path; null when nothing is left. */
function bodySchema(operation: Operation, inPath: readonly string[]): JsonSchema | null {
  const schema = jsonSchema(operation.input, 'input')
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !inPath.includes(name)),
  )
  if (Object.keys(properties).length === 0) return null
  return { ...schema, properties, required: (schema.required ?? []).filter((name) => !inPath.includes(name)) }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
