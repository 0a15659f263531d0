import { describe, expect, it } from 'vitest'
import { allOperations } from '../_operations/all'
import { openApiDocument } from './openapi'

const document = openApiDocument('https://gate.example/api/v1') as {
  openapi: string
  paths: Record<string, Record<string, Record<string, unknown>>>
}

describe('the OpenAPI document', () => {
  it('has every operation, under an id of its own', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, method, path } of allOperations)
      expect(document.paths[path]?.[method.toLowerCase()]?.operationId).toBe(id)
  })

  it('names what stands in the path once, and the rest in the query or the body', () => {
    const update = document.paths['/connections/{id}']?.put as {
      parameters: { name: string; in: string }[]
      requestBody: unknown
    }
    expect(update.parameters.map((parameter) => [parameter.name, parameter.in])).toEqual([['id', 'path']])
    expect(update.requestBody).toMatchObject({
      content: { 'application/json': { schema: { required: ['version', 'connection'], additionalProperties: false } } },
    })
    const list = document.paths['/sessions']?.get as { parameters: { name: string; in: string }[] }
    expect(list.parameters.map(({ name }) => name)).toContain('cursor')
  })

  it('is JSON all the way down: nothing in a schema is left without a description', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect(document.openapi).toBe('3.1.0')
  })
})
